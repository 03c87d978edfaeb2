internal import CorebootFormats
internal import Diagnostics
internal import Reference
internal import SICEABI

extension ROM {
    /// The ROM's own payload; nil when it has none. Throws `romNoPayload` when it is of a kind that our payload
    /// can't start.
    func payload(path: String) throws(ToolError) -> CBFSTool.StoredFile? {
        guard let file = try files().first(where: { $0.name == ROM.payload }) else { return nil }
        guard file.type == CBFSType.payload else {
            throw ToolError(.romNoPayload, "\(path): \(ROM.payload) is no SELF payload")
        }
        return stored(file, as: ROM.payload)
    }

    /// A payload of this ROM as stored, under another name.
    func stored(_ file: ROM.File, as name: String) -> CBFSTool.StoredFile {
        CBFSTool.StoredFile(
            name: name, kind: .payload, content: Array(bytes[file.content]),
            hasDigestAttribute: file.hasDigestAttribute)
    }
}
