import Foundation

/// What only some users of some machines may do: tests that need it are skipped, by name, where it is not allowed.
enum Privileges {
    /// Whether device nodes can be made and opened where tests keep their files.
    static let makesDevices = succeeds("mknod null c 1 3 && : >null")
    /// Whether this is root, who may become somebody else.
    static let isRoot = succeeds("test $(id -u) = 0 && setpriv --reuid 65534 --clear-groups true")
    /// Whether file systems can be mounted for one program alone.
    static let mounts = succeeds("unshare -m mount -t tmpfs none .")

    private static func succeeds(_ script: String) -> Bool {
        (try? Workplace().shell(script))?.status == 0
    }
}
