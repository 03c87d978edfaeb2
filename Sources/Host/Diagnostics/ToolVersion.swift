internal import CMachine

/// Version of the commands that people start; CHANGELOG.md says what is in it.
public enum ToolVersion {
    public static let current = SICE_VERSION
}
