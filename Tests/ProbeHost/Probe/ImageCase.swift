internal import CMachine
internal import CProbe
internal import SICEABI

/// Malformed images: one field of a good header changed, the exact error, and no page kept.
enum ImageCase {
    static func run(_ results: inout Results) {
        let free = Information().freePages
        identity(&results)
        regions(&results)
        start(&results)
        windows(&results)
        results.check("image", "freeAgain", expected: free, found: Information().freePages)
    }

    private static func identity(_ results: inout Results) {
        refuse(&results, "magic", ImageLayout.magicOffset, UInt64(0x3147_4D49_4543_4954), .imageBadMagic)
        refuse(&results, "version", ImageLayout.version, UInt32(2), .imageUnsupportedVersion)
        refuse(&results, "kind", ImageLayout.kind, UInt32(9), .imageUnknownKind)
        refuse(&results, "flag", ImageLayout.flags, UInt32(0x8000_0000), .imageUnknownFlag)
        refuse(&results, "reserved", ImageLayout.reserved, UInt32(1), .imageReservedNotZero)
        refuse(&results, "tail", 4088, UInt64(1), .imageReservedNotZero)
        refuse(&results, "noName", ImageLayout.name, UInt64(0), .imageBadName)
        refuse(&results, "control", ImageLayout.name, UInt64(0x0A61), .imageBadName)
        refuse(&results, "unpadded", ImageLayout.name + 24, UInt64.max, .imageBadName)
    }

    private static func regions(_ results: inout Results) {
        let table = ImageLayout.regionTable
        let second = table + ImageLayout.regionEntrySize
        let address = ImageLayout.regionAddress
        let pages = ImageLayout.regionPages
        let permissions = ImageLayout.regionPermissions
        refuse(&results, "regions", ImageLayout.regionCount, UInt32(33), .imageTooManyRegions)
        refuse(&results, "regionsHuge", ImageLayout.regionCount, UInt32.max, .imageTooManyRegions)
        refuse(&results, "fewer", ImageLayout.regionCount, UInt32(2), .imageReservedNotZero)
        refuse(&results, "misaligned", table + address, UInt64(0x1_0010), .imageRegionMisaligned)
        refuse(&results, "null", table + address, UInt64(0), .imageRegionOutOfRange)
        refuse(&results, "limit", table + address, UInt64(1) << 39, .imageRegionOutOfRange)
        refuse(&results, "wrap", table + address, UInt64.max - 4095, .imageRegionOutOfRange)
        refuse(&results, "noPages", table + pages, UInt64(0), .imageRegionOutOfRange)
        refuse(&results, "allPages", table + pages, UInt64.max, .imageRegionOutOfRange)
        refuse(&results, "content", table + ImageLayout.regionContentPages, UInt64(2), .imageRegionOutOfRange)
        refuse(&results, "overlap", second + address, GuestImage.text, .imageRegionsOverlap)
        refuse(&results, "descending", second + address, UInt64(0x8000), .imageRegionsOverlap)
        let writable = Permissions.read | Permissions.write | Permissions.execute
        refuse(&results, "writableCode", table + permissions, writable, .imageWritableAndExecutable)
        refuse(&results, "noPermission", table + permissions, UInt32(0), .imageBadPermissions)
        refuse(&results, "unreadable", table + permissions, Permissions.execute, .imageBadPermissions)
        refuse(&results, "unknownPermission", table + permissions, UInt32(0x11), .imageBadPermissions)
        refuse(&results, "contentSum", ImageLayout.contentPages, UInt64(3), .imageUnsorted)
        // The last region may be as large as it likes, but not larger than the pool.
        let third = second + ImageLayout.regionEntrySize
        refuse(&results, "tooLarge", third + pages, UInt64(0x4000), .imageTooLarge, growsBeyondWindow: true)
    }

    private static func start(_ results: inout Results) {
        refuse(&results, "entryInData", ImageLayout.entry, GuestImage.data, .imageBadEntry)
        refuse(&results, "entryNowhere", ImageLayout.entry, UInt64(0x9000), .imageBadEntry)
        refuse(&results, "stackInCode", ImageLayout.stackPointer, GuestImage.text + 64, .imageBadStackOrRoot)
        refuse(&results, "stackNowhere", ImageLayout.stackPointer, UInt64(0), .imageBadStackOrRoot)
        refuse(&results, "rootInCode", ImageLayout.pageTableRoot, GuestImage.text, .imageBadStackOrRoot)
        refuse(
            &results, "rootMisaligned", ImageLayout.pageTableRoot, GuestImage.tables + 8, .imageBadStackOrRoot
        )
    }

    private static func windows(_ results: inout Results) {
        let table = ImageLayout.windowTable
        refuse(&results, "windows", ImageLayout.windowCount, UInt32(5), .imageTooManyRegions)
        refuse(
            &results, "windowOverRegion", table + ImageLayout.windowAddress, GuestImage.data,
            .imageRegionsOverlap)
        refuse(&results, "windowMisaligned", table, UInt64(0x10_0008), .imageRegionMisaligned)
        refuse(&results, "windowHuge", table + ImageLayout.windowPages, UInt64(4097), .imageRegionOutOfRange)
        let executable = Permissions.read | Permissions.execute
        refuse(
            &results, "windowExecutable", table + ImageLayout.windowPermissions, executable,
            .imageWritableAndExecutable)
    }

    /// Builds a good image with one window, changes one field, and expects `CREATE` to refuse it.
    private static func refuse<T: FixedWidthInteger & UnsignedInteger>(
        _ results: inout Results, _ name: StaticString, _ offset: Int, _ value: T, _ error: ErrorCode,
        growsBeyondWindow: Bool = false
    ) {
        do throws(ErrorCode) {
            let image = try GuestImage(
                at: WorkMemory.image, entry: probe_guest_exit,
                windows: growsBeyondWindow ? 0 : 1)
            for index in 0..<(T.bitWidth / 8) {
                let byte = UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: index * 8))
                sice_write8(image.address + UInt64(offset + index), byte)
            }
            results.refused("image", name, Call(.create, image.address), error)
        } catch {
            results.check("image", name, expected: 0, found: UInt64(error.rawValue))
        }
    }
}
