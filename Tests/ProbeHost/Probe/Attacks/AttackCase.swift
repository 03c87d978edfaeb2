internal import Firmware
internal import FirmwareTables

/// Runs the attacks that fw_cfg `opt/sice/attack` names by their numbers ("1 7 23"); without a number it tells the
/// catalogue. `opt/sice/seed` is the seed of random choices. At the end the platform reports on itself.
enum AttackCase {
    static func run() {
        Traps.clear()
        Platform.found = Platform()
        var runner = AttackRunner()
        Catalogue.show(to: &runner)
        runner.finish()
    }
}

/// Gets every row of the catalogue, and runs those that were chosen.
struct AttackRunner {
    private let lines = AttackLines()
    private let seed = Words(of: "opt/sice/seed").first ?? 1
    private let chosen = Words(of: "opt/sice/attack")

    /// Runs the program if it was chosen.
    func attack(_ attack: Attack, _ run: (inout Attempt) -> Void) {
        if chosen.isEmpty { return lines.row(attack) }
        guard chosen.contain(attack.number) else { return }
        let before = Resets(of: attack.number)
        if before.count == 0 { lines.attempt(attack) }
        var attempt = Attempt(seed: seed &* 0x1_0001 &+ attack.number, after: before.executions)
        run(&attempt)
        lines.result(attack, attempt)
    }

    func finish() {
        lines.report()
        lines.end()
    }
}

/// Decimal numbers in a file of fw_cfg.
private struct Words {
    private static let limit = 1000
    private var flags = InlineArray<1000, Bool>(repeating: false)
    private(set) var first: UInt64?

    init(of name: StaticString) {
        var device = PortConfigDevice()
        guard let file = FirmwareConfig.find(name.bytes, in: &device) else { return }
        device.select(file.key)
        var number: UInt64?
        for _ in 0..<min(file.size, 8192) {
            let byte = device.readByte()
            guard byte >= 0x30, byte <= 0x39 else {
                take(&number)
                continue
            }
            number = (number ?? 0) &* 10 &+ UInt64(byte - 0x30)
        }
        take(&number)
    }

    private mutating func take(_ number: inout UInt64?) {
        guard let value = number else { return }
        if first == nil { first = value }
        if value < UInt64(Self.limit) { flags[Int(value)] = true }
        number = nil
    }

    var isEmpty: Bool { first == nil }
    func contain(_ number: UInt64) -> Bool { number < UInt64(Self.limit) && flags[Int(number)] }
}
