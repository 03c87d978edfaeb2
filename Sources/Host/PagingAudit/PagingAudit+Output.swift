internal import SICEABI
public import StrictJSON

extension PagingAudit {
    /// `clean` or `violated`.
    public var verdict: String { findingCount == 0 ? "clean" : "violated" }

    /// The picture, each finding with what it means and what to do, and the verdict.
    public var text: [String] {
        var lines = map.text
        lines += findings.flatMap(\.text)
        if findingCount > findings.count { lines.append("and \(findingCount - findings.count) more") }
        return lines + ["verdict: \(verdict)"]
    }

    /// Schema `sice.audit/1`.
    public var json: JSON {
        .object([
            "schema": .string("sice.audit/1"), "verdict": .string(verdict),
            "smram": .object([
                "address": .string(hex(map.smram.lowerBound)), "size": .integer(Int64(map.smram.count)),
            ]),
            "cores": .integer(Int64(map.coreCount)), "manager_mappings": .integer(Int64(map.managerMappings)),
            "areas": .array(map.areas.map(\.json)),
            "pool": .object([
                "address": .string(hex(map.poolBase)), "pages": .integer(Int64(map.owners.count)),
                "free": .integer(Int64(map.pages(0))),
            ]),
            "environments": .array(map.environments.map(\.json)), "windows": .array(map.windows.map(\.json)),
            "finding_count": .integer(Int64(findingCount)), "findings": .array(findings.map(\.json)),
        ])
    }
}

extension Finding {
    var text: [String] {
        let pages = size > ABI.pageSize ? ", \(sizeText(size))" : ""
        let place = mappedAt.map { ", at \(hex($0))" } ?? ""
        return [
            "FINDING  \(rule.rawValue)  \(owner)  \(hex(address))\(pages)\(place): \(detail)",
            "           \(rule.meaning)", "           \(rule.remedy)",
        ]
    }

    var json: JSON {
        .object([
            "rule": .string(rule.rawValue), "owner": .string("\(owner)"), "address": .string(hex(address)),
            "size": .integer(Int64(clamping: size)), "mapped_at": mappedAt.map { .string(hex($0)) },
            "detail": .string(detail), "meaning": .string(rule.meaning), "remedy": .string(rule.remedy),
        ])
    }
}

extension MemoryMapPicture.Area {
    var json: JSON {
        .object([
            "name": .string(name), "address": .string(hex(address)), "size": .integer(Int64(clamping: size)),
            "access": access.map { .string("\($0)") },
        ])
    }
}

extension MemoryMapPicture.Window {
    var json: JSON {
        .object([
            "slot": .integer(Int64(slot)), "guest_address": .string(hex(mapping.address)),
            "address": .string(hex(mapping.physical)), "size": .integer(Int64(clamping: mapping.size)),
            "access": .string("\(mapping.access)"),
        ])
    }
}

extension FoundEnvironment {
    var json: JSON {
        .object([
            "slot": .integer(Int64(slot)), "image": image.map { .string($0.name) },
            "kind": image.map { .string($0.kind == .linuxGuest ? "linux-guest" : "program") },
            "pages": .integer(Int64(pages)), "can_run": .boolean(canRun),
        ])
    }
}
