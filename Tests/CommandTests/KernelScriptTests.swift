import Foundation
import Testing

/// How the legacy host and the Linux guest get Debian's kernel and its modules, whichever release packs them.
@Suite struct KernelScriptTests {
    private static let modulesDep = """
        kernel/base.ko:
        kernel/needed.ko: kernel/base.ko
        kernel/net/wanted.ko: kernel/needed.ko kernel/base.ko
        kernel/other.ko: kernel/net/wanted.ko kernel/needed.ko kernel/base.ko

        """

    /// A kernel as fetch-kernel leaves it.
    private func kernel() throws -> ScriptPlace {
        let scripts = try ScriptPlace("tools/legacy-host/modules")
        for name in ["base", "needed", "net/wanted", "other"] {
            try scripts.put(name, "kernel/modules/kernel/\(name).ko")
        }
        try scripts.put(Self.modulesDep, "kernel/modules/modules.dep")
        try scripts.put("kernel/drivers/pci.ko\n", "kernel/modules/modules.builtin")
        return scripts
    }

    private func modules(_ names: String) -> String { "tools/legacy-host/modules kernel root \(names)" }

    @Test func modules_comeAfterWhatTheyNeed() throws {
        let scripts = try kernel()
        #expect(try scripts.run(modules("pci wanted other base")).status == 0)
        let copied = try scripts.run("cd root/lib/modules && cat order && cat $(cat order) && ls")
        #expect(
            copied.output == "base.ko\nneeded.ko\nwanted.ko\nother.ko\nbaseneedednet/wantedother"
                + "base.ko\nneeded.ko\norder\nother.ko\nwanted.ko\n")
    }

    @Test func builtInAlone_leavesAnEmptyOrder() throws {
        let scripts = try kernel()
        #expect(try scripts.run(modules("pci")).status == 0)
        #expect(try scripts.run("cat root/lib/modules/*").output == "")
    }

    @Test(arguments: ["ci", "none", "anted"])
    func reject_whatTheKernelDoesNotHave(_ name: String) throws {
        let result = try kernel().run(modules(name))
        #expect(result.status == 70)
        #expect(result.errors == "modules: the kernel has no module \(name)\n")
    }

    /// Debian 12 has plain modules in lib/modules, later ones compressed ones in usr/lib/modules.
    @Test(arguments: [
        ("lib/modules", ""), ("usr/lib/modules", "xz -q"), ("usr/lib/modules", "zstd -q --rm"),
    ])
    func fetch_unpacksModulesWhereverTheyLie(_ folder: String, _ compress: String) throws {
        let scripts = try ScriptPlace("tools/legacy-host/fetch-kernel")
        try scripts.fake("apt-cache", "echo '  Depends: linux-image-9'")
        try scripts.fake("apt-get", "touch linux-image-9.deb")
        let module = "$3/\(folder)/9/kernel/some.ko"
        try scripts.fake(
            "dpkg-deb",
            """
            mkdir -p "$3/boot" "$(dirname "\(module)")"
            echo kernel >"$3/boot/vmlinuz-9"
            echo module >"\(module)"
            \(compress.isEmpty ? ":" : "\(compress) \"\(module)\"")
            """)
        try scripts.fake(
            "depmod", #"for lib in lib usr/lib; do cat "$2/$lib/modules/$3/kernel/some.ko"; done >seen"#)
        let result = try scripts.run("tools/legacy-host/fetch-kernel")
        #expect(result.status == 0, "\(result.errors)")
        let found = try scripts.run(
            "cat seen; cd .build-firmware/kernel; cat version vmlinuz; find modules -type f -exec cat {} +")
        #expect(found.output == "module\nmodule\n9\nkernel\nmodule\n")
        #expect(
            try scripts.calls().map { $0.split(separator: " ")[0] } == [
                "apt-cache", "apt-get", "dpkg-deb", "depmod",
            ])
    }
}
