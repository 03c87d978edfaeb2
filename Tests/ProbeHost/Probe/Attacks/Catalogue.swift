/// Every attack, once. A family is a file of this folder and a line below; numbers leave room between families.
enum Catalogue {
    /// Shows each attack, with its program, to `runner`, in the order of their numbers.
    static func show(to runner: inout AttackRunner) {
        SMRAMAttacks.show(to: &runner)
        WindowAttacks.show(to: &runner)
        DeviceAttacks.show(to: &runner)
        CommandAttacks.show(to: &runner)
        AddressAttacks.show(to: &runner)
        LoadAttacks.show(to: &runner)
        EnvironmentAttacks.show(to: &runner)
        AliasAttacks.show(to: &runner)
        GuestAttacks.show(to: &runner)
        ModeAttacks.show(to: &runner)
        VirtualAttacks.show(to: &runner)
        GuestExitAttacks.show(to: &runner)
        DebugAttacks.show(to: &runner)
        CoreAttacks.show(to: &runner)
        InitAttacks.show(to: &runner)
        ResetAttacks.show(to: &runner)
        SleepAttacks.show(to: &runner)
        CommandResetAttack.show(to: &runner)
        BootResetAttack.show(to: &runner)
        FuzzAttacks.show(to: &runner)
    }
}
