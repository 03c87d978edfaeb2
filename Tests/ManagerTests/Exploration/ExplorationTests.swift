import Exploration
import SICEABI
import Simulation
import Testing

/// All states of small machines, on the manager's own code: nothing that anybody can do breaks a property. A state is what
/// ``Summary`` holds; what a property is, ``Property`` says; ``sownDefectIsFound(_:)`` shows that each can fail.
@Suite struct ExplorationTests {
    /// Far more than there are: what grows without end stops here.
    static let limit = 50_000

    @Test(arguments: ModelBounds.all.indices) func everyStateKeepsEveryProperty(_ index: Int) throws {
        let bounds = ModelBounds.all[index]
        var model = try ManagerModel(bounds)
        let exploration = model.explore(limit: Self.limit)
        print("model, \(bounds.name): \(exploration)")
        #expect(exploration.counterexample == nil)
        try expectReach(model)
    }

    /// An exploration that reaches nothing finds nothing.
    private func expectReach(_ model: ManagerModel) throws {
        let isAlone = model.bounds.cores == 1
        var commands: Set<String> = [
            "create", "load", "seal", "run", "stop", "destroy", "install", "lock",
        ]
        if model.bounds.images.count == 1 { commands.insert("info") }
        if !isAlone { commands.formUnion(["launch", "kick"]) }
        if model.bounds.isThorough {
            commands.formUnion(["report", "reportKey", "readLog", "status", "logBase"])
        }
        #expect(model.accepted.isSuperset(of: commands), "\(commands.subtracting(model.accepted))")
        let edges: Set<String> = [
            "absent → loading", "loading → dead", "runnable → running", "running → runnable",
            "running → dead",
            "dead → scrubbing", "scrubbing → absent", "loading → sealed", "sealed → runnable",
        ]
        let wanted =
            model.bounds.name == ModelBounds.large.name ? edges : edges.filter { !$0.contains("scrubbing") }
        let hasWindow = model.bounds.images.contains { !$0.windows.isEmpty }
        let missing = wanted.filter { hasWindow || !$0.contains("sealed") }.subtracting(model.edges)
        #expect(missing.isEmpty, "\(missing)")
        #expect(model.stops.count >= (isAlone ? 3 : 6), "\(model.stops)")
    }

    /// Each sown defect is found, by the property that it breaks.
    @Test(arguments: Defect.allCases) func sownDefectIsFound(_ defect: Defect) throws {
        var model = try ManagerModel(defect.bounds, defect: defect)
        let exploration = model.explore(limit: Self.limit)
        print("model, \(defect): \(exploration)")
        #expect(exploration.counterexample?.violation.property == defect.property.rawValue)
    }

    /// A fault in the middle of any step leaves neither key nor environment, and what is half done answers reads without a trap.
    @Test func faultInAnyStep_losesKeyAndEnvironments() throws {
        var model = try FaultyModel(.programInFewWords)
        let exploration = model.explore(limit: Self.limit)
        print("model, faults in steps: \(exploration), \(model.faults) faults")
        #expect(exploration.counterexample == nil)
        #expect(model.faults > exploration.transitions)
        var defective = try FaultyModel(.programInFewWords, defect: .keyOutlivesFault)
        let found = defective.explore(limit: Self.limit).counterexample
        #expect(found?.violation.property == Property.i8.rawValue)
    }

    @Test func eachPropertyHasADefect() {
        #expect(Set(Defect.allCases.map(\.property)) == Set(Property.allCases))
    }
}
