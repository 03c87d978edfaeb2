internal import ServiceDaemon

/// The daemon as a program of its own, for who installs it. In the demo's RAM disk it is `sice` under this name.
@main
enum Program {
    static func main() { SICED.main() }
}
