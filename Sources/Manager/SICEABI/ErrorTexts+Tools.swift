extension ErrorCode {
    /// E09xx: what tools meet on their machine and on others, but for ROMs. Those are beside it.
    var toolText: ErrorDescription {
        switch self {
        case .fileMissing:
            ErrorDescription(
                "A file that is needed does not exist or cannot be read.",
                "Check the path in the message.", 66)
        case .outputFailed:
            ErrorDescription(
                "An output file could not be written.",
                "Check space and permissions; no partial file was left.", 74)
        case .programMissing:
            ErrorDescription(
                "A program that is needed is not installed.",
                "Run `sice-attest doctor`; it names the Debian package.", 69)
        case .portInUse:
            ErrorDescription(
                "The port, or the socket, is in use.",
                "End the process that has it, or pass another one with --port or --socket.", 69)
        case .machineDied:
            ErrorDescription(
                "The virtual machine ended before it was done.",
                "See the log that the message names; where QEMU says that an assertion of its own failed, start it again.",
                69)
        case .machineTimedOut:
            ErrorDescription(
                "The virtual machine did not get ready in time.",
                "See the log that the message names.", 69)
        case .targetUnreachable:
            ErrorDescription(
                "The target does not answer.",
                "Check the address and that `siced` runs there.", 69)
        case .targetRefused:
            ErrorDescription(
                "The target answered with an error.",
                "See the message; it is the target's own.", 69)
        case .usage:
            ErrorDescription(
                "The command line is not right.",
                "See --help.", 64)
        case .noCommunicationArea:
            ErrorDescription(
                "The machine's ACPI tables name no communication area.",
                "Boot a ROM with the payload; the console shows why it was left out.", 69)
        case .permissionDenied:
            ErrorDescription(
                "The operation needs more rights.",
                "Run it as root in the legacy host.", 69)
        case .noTPMDevice:
            ErrorDescription(
                "The legacy host has no TPM device.",
                "Load the TPM driver; /dev/tpmrm0 is needed.", 69)
        case .tpmCommandFailed:
            ErrorDescription(
                "The TPM refused a command.",
                "See the response code in the message.", 69)
        case .workloadFailed:
            ErrorDescription(
                "The workload answered with an error of its own.",
                "See the workload's documentation for the number.", 69)
        case .crashed:
            ErrorDescription(
                "The workload crashed.",
                "The message shows vector and address; destroy the environment.", 69)
        case .internalFailure:
            ErrorDescription(
                "The tool met a condition that it cannot explain.",
                "Report it with the message.", 70)
        case .programFailed:
            ErrorDescription(
                "A program that the tool uses failed.",
                "See its words in the message; `sice-attest doctor` checks its version.", 70)
        case .guestReset:
            ErrorDescription(
                "The Linux guest asked for a reset, which a measured guest does not get.",
                "Its console says why, a panic for example; destroy the environment and create it again.", 69)
        case .guestNotServed:
            ErrorDescription(
                "Nobody serves the environment's console.",
                "Start `sice run` for it; only Linux guests have a console.", 69)
        case .networkWindowUnusable:
            ErrorDescription(
                "The window holds no network of this version, or cannot hold one.",
                "Build the image with --network; in the legacy host start `sice run --network`.", 65)
        case .networkBadPosition:
            ErrorDescription(
                "The other side of a shared-window network counts bytes that were never written.",
                "The network has ended for good; the guest goes on. The other side is broken or hostile.", 65)
        case .networkBadLength:
            ErrorDescription(
                "The other side of a shared-window network wrote a packet length that cannot be.",
                "The network has ended for good; the guest goes on. The other side is broken or hostile.", 65)
        case .tunnelFailed:
            ErrorDescription(
                "The kernel did not give a TUN interface.",
                "It needs root and the kernel's tun module; another program may use the address.", 69)
        case .coreNotMoved:
            ErrorDescription(
                "Linux did not take the CPU offline, or did not bring it online again.",
                "Choose another CPU: CPU 0 and the last one online stay; the kernel needs CPU hot-plug.", 69)
        case .wallUnreadable:
            ErrorDescription(
                "A wall's file is not of the form that it must have.",
                "See the line that the message names, and the other files of Tests/Walls.", 65)
        case .wallStale:
            ErrorDescription(
                "What a wall's file wants to take out is not in the source exactly once, or its build does not change.",
                "Bring the file's old text and its line `builds:` up to date with the sources.", 65)
        case .editUnreadable:
            ErrorDescription(
                "An edit's file is not of the form that it must have.",
                "See the line that the message names, and the other files of tools/emulator-edits.", 65)
        case .editStale:
            ErrorDescription(
                "The place of an edit is not in the source exactly once.",
                "Look into the file and function that the message names; bring the edit up to date with this version.",
                65)
        case .editApplied:
            ErrorDescription(
                "The source has this edit already.",
                "Edit a fresh copy of the source.", 65)
        case .emulatorMissing:
            ErrorDescription(
                "There is no file where --emulator says.",
                "Give the path that tools/emulator prints, or leave the option out for the installed QEMU.",
                66)
        case .emulatorNotExecutable:
            ErrorDescription(
                "What --emulator names cannot be executed.",
                "Give the program itself, not its folder; run tools/emulator again if its build was cut short.",
                69)
        case .emulatorForeign:
            ErrorDescription(
                "What --emulator names is no QEMU with the machine q35.",
                "Give a qemu-system-x86_64; run it with `-machine help` and see what it says.", 69)
        case .requestTooSlow:
            ErrorDescription(
                "The request did not come to its end in time.",
                "Send it at once; `siced --help` says how long it may take.", 69)
        case .serviceBusy:
            ErrorDescription(
                "The service has as many requests as it can hold.",
                "Ask again after a moment.", 69)
        case .callsNotAllowed:
            ErrorDescription(
                "This service passes no calls on to workloads.",
                "Start `siced --allow-calls` where everybody who reaches its port may use them.", 69)
        case .serviceFailed:
            ErrorDescription(
                "The system took from the service what it needs to listen.",
                "See the system's words in the message; start it again.", 70)
        case .requestTooLarge:
            ErrorDescription(
                "The request is larger than what is taken.",
                "The message says how large it may be.", 65)
        case .managerTaken:
            ErrorDescription(
                "Another process has had the manager, or the workload, for longer than a command waits.",
                "Wait for the end of the process that is named, or end it, and repeat the command.", 69)
        case .targetTimedOut:
            ErrorDescription(
                "The target did not answer completely in the time that an exchange may take.",
                "Check that the address is the machine's and that the machine is not overloaded; --timeout gives it more.",
                69)
        case .targetUnusable:
            ErrorDescription(
                "The target's answer is none that `siced` gives.",
                "Check that the address and port are those of `siced`, and what is between.", 69)
        case .consoleTaken:
            ErrorDescription(
                "Another `sice console` is connected to the guest.",
                "One at a time: leave the other one with Ctrl-], or end it. The guest goes on.", 69)
        case .consoleLost:
            ErrorDescription(
                "The connection to the guest's console was lost.",
                "Its `sice run` was ended, or this program did not read for a second; `sice list` shows the guest.",
                69)
        case .guestServerSilent:
            ErrorDescription(
                "The guest's `sice run` does not answer.",
                "It may be stopped (SIGSTOP) or hang; end it, then `sice stop` gives the CPU back.", 69)
        case .folderInUse:
            ErrorDescription(
                "The folder is another machine's, which still runs.",
                "End that machine, or use another folder.", 69)
        case .memoryUnusable:
            ErrorDescription(
                "The file is not the memory of a machine that this security manager runs on.",
                "Take the file `memory` of `sice-attest run --keep-memory`, and the manager.elf of its ROM's build.",
                65)
        case .managerUnusable:
            ErrorDescription(
                "The program is no security manager with its symbols.",
                "Take manager.elf, which is built beside manager.bin.", 65)
        default: romText
        }
    }
}
