import Foundation

/// Addresses in a program that `tools/build` made.
struct Symbols {
    private var addresses: [String: UInt64] = [:]
    private let program: String

    init(of product: String) throws {
        program = Artefacts.product(product).path
        for line in try Self.output(of: "llvm-nm", [program]).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 3, let address = UInt64(fields[0], radix: 16) else { continue }
            addresses[String(fields[2])] = address
        }
    }

    subscript(_ name: String) -> UInt64 {
        get throws {
            guard let address = addresses[name] else { throw HarnessError.unreadable(name) }
            return address
        }
    }

    /// A UD2 of the program's own, such as a failed precondition ends in.
    var undefinedInstruction: UInt64 {
        get throws {
            let code = try Self.output(of: "llvm-objdump", ["-d", "--no-show-raw-insn", program])
            let line = code.split(separator: "\n").first { $0.hasSuffix("ud2") }
            let digits = line?.drop { $0 == " " }.prefix { $0 != ":" } ?? ""
            guard let address = UInt64(digits, radix: 16) else { throw HarnessError.unreadable(program) }
            return address
        }
    }

    private static func output(of program: String, _ arguments: [String]) throws -> String {
        let result = try Command(URL(filePath: "/usr/bin/env"), [program] + arguments).run()
        guard result.status == 0 else { throw HarnessError.failed(program, result.errorText) }
        return result.output
    }
}
