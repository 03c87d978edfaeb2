/// Structures that a TPM 2.0 emulator (libtpms) gave to tpm2-tools: `tpm2_createek`, `tpm2_createprimary` and `tpm2_quote`
/// with qualifying data 00112233 over PCRs 0, 2, 4 and 5.
enum Fixtures {
    static let endorsementKey = bytes(
        "013a0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa00"
            + "060080004300100800000000000100d5aad1fc962a71e2d81d2d18330e5f359aaad201261b366808783056a857"
            + "69f7f2078e3c05acb3cc75d786ef8d6251a072977357cb12ccada34c252d5078baa7822a54f149c15e640a24ff"
            + "e19af8010dd5f369acbccf961fd0b55c2d97fc76c72879612b57b2cf41b79763d8dd6d4a0be4382e548f07e5c2"
            + "b5365b75525e43861192bbec72a7669927276327a376d65b9cd02dcba05ea4d90bc37c38e06cea06d99c4a9d97"
            + "fd0c22acce3b9743b0295cb3052d1bc2fd7ee50f91b513d71a25f30ce3e55d234df4e22d73e722ea97d0f79a3b"
            + "cecff4580af0e39bc532b3621395997a28f68a9f8e7a32f28f941c39e326ca446e67b80e83e137733820aa2dcb"
            + "f1")
    static let endorsementName = bytes(
        "000b203b45b658f59089fc3d88cbae1895f0fbcc8d0b3495345550bf8588df8afe23")
    static let attestationKey = bytes(
        "00580023000b00050072000000100018000b000300100020480f562dd626becad26e8fddcefc69f0b1be504574"
            + "445c0ed4bef1c3903c481a002024c43349ce03dd7ba3b36fc491b9d5333048ec14db27a778143657973c41583e")
    static let attestationName = bytes(
        "000bfcc006817789ae6006ec3b9bf9b9144a9807821a6a1fc9fcc904885b8ee8eb55")
    static let quote = bytes(
        "ff54434780180022000b18b1c2f5bf6a3547362779e66c9c3ec7dcb92935882546f809e4c5ffd234a93d000400"
            + "11223300000000000000af000000010000000001201910230016363600000001000b03350000002038723a2e5e"
            + "8a17aa7950dc008209944e898f69a7bd10a23c839d341e935fd5ca")
    static let signature = bytes(
        "0018000b002046bf5b7cd297eff82ae61e73879c77c800ae492a85fa6dfc2b15109377b23ac800200259e61918"
            + "8c20a02ac61a07eaf3e5b32b8f96024b0255321f02cf73ae839f46")

    static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)!
        }
    }
}
