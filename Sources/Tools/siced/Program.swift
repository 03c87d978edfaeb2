internal import ServiceDaemon

/// The daemon as a program of its own.
@main
enum Program {
    static func main() { SICED.main() }
}
