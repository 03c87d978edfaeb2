/// A piece of a page.
///
/// Strings get in as texts and as values of attributes, and ``PageWriter`` escapes both. Names of elements and attributes are
/// lists that the compiler holds. So no string, whoever wrote it, becomes markup.
indirect enum HTML: Equatable, Sendable {
    case text(String)
    case element(Tag, [Attribute], [HTML])

    /// Text that comes from evidence or a file: in one piece, with its blanks, whatever direction it is written in.
    static func quoted(_ text: String) -> HTML { Tag.bdi { Tag.code { text } } }
}

/// Lets a piece of a page be written as its content: strings are texts.
@resultBuilder enum HTMLBuilder {
    static func buildExpression(_ text: String) -> [HTML] { [.text(text)] }
    static func buildExpression(_ piece: HTML) -> [HTML] { [piece] }
    static func buildExpression(_ pieces: [HTML]) -> [HTML] { pieces }
    static func buildBlock(_ parts: [HTML]...) -> [HTML] { parts.flatMap { $0 } }
    static func buildOptional(_ part: [HTML]?) -> [HTML] { part ?? [] }
    static func buildEither(first part: [HTML]) -> [HTML] { part }
    static func buildEither(second part: [HTML]) -> [HTML] { part }
    static func buildArray(_ parts: [[HTML]]) -> [HTML] { parts.flatMap { $0 } }
}
