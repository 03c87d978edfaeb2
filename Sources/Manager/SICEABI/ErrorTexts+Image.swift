extension ErrorCode {
    /// E03xx: isolated images. No text for others.
    var imageText: ErrorDescription {
        switch self {
        case .imageTruncated:
            ErrorDescription(
                "The image ends before its header says.",
                "Build the image again or copy it completely.", 65)
        case .imageBadMagic:
            ErrorDescription(
                "This is not an isolated image.",
                "Build one with `sice-attest build`.", 65)
        case .imageUnsupportedVersion:
            ErrorDescription(
                "The image has a format version that is not known here.",
                "Use tools of one version.", 65)
        case .imageUnknownKind:
            ErrorDescription(
                "The image is of a kind that this manager cannot run.",
                "Use a manager that knows the kind.", 65)
        case .imageUnknownFlag:
            ErrorDescription(
                "The image has a flag that is not known here.",
                "Use tools of one version.", 65)
        case .imageRegionMisaligned:
            ErrorDescription(
                "A region or window is not page-aligned.",
                "Align its address to 4096 bytes.", 65)
        case .imageRegionOutOfRange:
            ErrorDescription(
                "A region or window is empty, too large, wraps or leaves the guest's address space.",
                "Correct its address and size.", 65)
        case .imageRegionsOverlap:
            ErrorDescription(
                "Regions or windows overlap or are not in ascending order.",
                "Move them apart.", 65)
        case .imageWritableAndExecutable:
            ErrorDescription(
                "A region is writable and executable at once, or a window is executable.",
                "Split code and data.", 65)
        case .imageBadPermissions:
            ErrorDescription(
                "A region has permission bits that mean nothing.",
                "Use read, write, execute.", 65)
        case .imageBadEntry:
            ErrorDescription(
                "The entry point lies in no executable region.",
                "Check the program's entry symbol.", 65)
        case .imageReservedNotZero:
            ErrorDescription(
                "Bytes that must be zero are not.",
                "Build the image again.", 65)
        case .imageTooLarge:
            ErrorDescription(
                "The image needs more pages than the pool has free.",
                "Destroy environments, shrink the image or give TSEG more memory.", 69)
        case .imageOversized:
            ErrorDescription(
                "There is more content than the header declares.",
                "Build the image again.", 65)
        case .imageBadName:
            ErrorDescription(
                "The image's name is empty or not NUL-padded UTF-8.",
                "Give it a name of 1 to 31 bytes.", 65)
        case .imageTooManyRegions:
            ErrorDescription(
                "The image has more regions or windows than the format allows.",
                "Merge regions; 32 regions and 4 windows are the most.", 65)
        case .imageBadStackOrRoot:
            ErrorDescription(
                "The stack pointer or page-table root lies in no suitable region.",
                "Build the image with `sice-attest build`.", 65)
        case .windowNotDeclared:
            ErrorDescription(
                "The image declares no window with this index.",
                "Use the windows that `sice-attest inspect` lists.", 65)
        case .windowAlreadyAttached:
            ErrorDescription(
                "The window is attached already.",
                "Attach each window once.", 69)
        case .imageUnsorted:
            ErrorDescription(
                "The regions' content pages do not add up to the number that the header names.",
                "Build the image again.", 65)
        case .imageBadBootParameters:
            ErrorDescription(
                "The boot parameters do not lie on a writable page of the image, or a bare program has some.",
                "Build the image with `sice-attest build`.", 65)
        default: .missing
        }
    }
}
