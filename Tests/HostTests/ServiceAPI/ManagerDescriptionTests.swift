import SICEABI
import ServiceAPI
import StrictJSON
import Testing

@testable import ManagerAccess

@Suite struct ManagerDescriptionTests {
    let info = ManagerInfo(
        version: 4, poolPages: 1000, freePages: 998, cores: 2,
        flags: PlatformFlags.locked | PlatformFlags.standInROM)

    @Test func text_hasALineForEach() {
        #expect(
            ManagerDescription.lines(info) == [
                "interface 4", "pool 1000 pages", "free 998 pages", "cores 2", "flags locked, stand-in-rom",
            ])
    }

    @Test func json_hasASchema() {
        let text = ManagerDescription.json(info).text
        #expect(text.contains("\"sice.info/1\"") && text.contains("\"free_pages\""))
    }
}
