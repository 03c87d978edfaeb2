/// How the page looks: on a wide and on a narrow screen, light and dark, and on paper. It names no file, and has none of the
/// characters that ``EscapedText`` changes, so that it goes where every text goes.
enum Style {
    static var rules: [HTML] {
        [colours, frame, lists, tables, drawings, dark, narrow, paper].flatMap {
            $0.split(separator: "\n").map { .text(String($0) + " ") }
        }
    }

    private static let colours = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --ground: #ffffff; --soft: #f1f2f4; --edge: #6b7280; }
        :root { --good: #14603a; --bad: #a11212; --open: #6b4e00; --link: #0b4f9e; }
        """

    private static let frame = """
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--ground); color: var(--ink); }
        body { font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
        header { border: 3px solid var(--edge); border-radius: 6px; padding: 0 1rem 1rem; }
        header.affirmed { border-color: var(--good); border-style: solid; }
        header.refused { border-color: var(--bad); border-style: double; border-width: 6px; }
        header.open { border-color: var(--open); border-style: dashed; }
        h1 { font-size: 1.8rem; line-height: 1.2; } h2 { font-size: 1.4rem; margin-top: 2.5rem; }
        h3 { font-size: 1.05rem; margin: 0; } p { margin: .5rem 0; } a { color: var(--link); }
        a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        code { font: .88em/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        footer { margin-top: 2rem; border-top: 1px solid var(--edge); }
        .affirmed h1 { color: var(--good); } .refused h1 { color: var(--bad); } .open h1 { color: var(--open); }
        """

    private static let lists = """
        nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; }
        nav a { display: inline-block; padding: .4rem 0; }
        dl { margin: .5rem 0; } dl.facts div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0 .75rem; }
        dt { color: var(--edge); } dd { margin: 0; min-width: 0; }
        dl.signature { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; margin-top: 1.5rem; }
        dl.signature dd { border-bottom: 1px solid var(--ink); height: 2.2rem; }
        div.wide { display: grid; grid-template-columns: 20rem minmax(0, 1fr); gap: 1.5rem; align-items: start; }
        ol.chain { margin: 0; padding-left: 1.5rem; }
        ol.chain li { border-left: 4px solid var(--edge); padding: 0 0 .75rem .75rem; margin-bottom: .75rem; }
        li.pass { border-left-style: solid; } li.fail { border-left-style: double; border-left-width: 8px; }
        li.skipped { border-left-style: dashed; }
        ol.chain li.pass { border-left-color: var(--good); } ol.chain li.fail { border-left-color: var(--bad); }
        ol.chain li.skipped { border-left-color: var(--open); } .status { font-weight: normal; }
        """

    private static let tables = """
        table { border-collapse: collapse; width: 100%; } caption { text-align: left; font-weight: bold; padding: .5rem 0; }
        th, td { border-bottom: 1px solid var(--edge); padding: .5rem; text-align: left; vertical-align: top; }
        thead th { background: var(--soft); } tbody th { font-weight: normal; min-width: 6rem; }
        tbody th code { display: block; overflow-wrap: normal; } td strong { white-space: nowrap; } td p strong { white-space: normal; }
        td p:first-child { margin-top: 0; } tr.fail { background: var(--soft); } tr.pass strong { color: var(--good); }
        tr.fail strong { color: var(--bad); } tr.skipped strong { color: var(--open); }
        """

    private static let drawings = """
        svg { display: block; width: 100%; max-width: 20rem; height: auto; font: 13px system-ui, sans-serif; }
        svg rect { fill: var(--ground); stroke-width: 2; } svg text { fill: var(--ink); } svg line { stroke: var(--edge); }
        rect.pass { stroke: var(--good); } rect.fail { stroke: var(--bad); stroke-width: 4; }
        rect.skipped { stroke: var(--open); stroke-dasharray: 5 3; }
        """

    private static let dark = """
        @media screen and (prefers-color-scheme: dark) {
        :root { --ink: #e8e8e8; --ground: #15171a; --soft: #23272d; --edge: #9aa3af; }
        :root { --good: #6fd39b; --bad: #ff8f8f; --open: #e5c15a; --link: #8ab8ff; } }
        """

    private static let narrow = """
        @media screen and (max-width: 48rem) {
        div.wide, dl.signature { grid-template-columns: minmax(0, 1fr); }
        dl.facts div { grid-template-columns: 6.2rem minmax(0, 1fr); } dt { font-size: .85rem; }
        table, tbody, tr, th, td, caption { display: block; }
        thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        tbody tr { border-bottom: 2px solid var(--edge); padding: .5rem 0; } tbody th, td { border: 0; padding: .15rem .25rem; }
        td::before { content: attr(data-column) ' '; display: block; color: var(--edge); font-size: .85rem; } }
        """

    private static let paper = """
        @page { margin: 15mm; }
        @media print { body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; }
        :root { color-scheme: light; } thead { display: table-header-group; } a { color: inherit; text-decoration: none; }
        tr, li, header, svg, dl div { break-inside: avoid; } h2, h3, caption { break-after: avoid; }
        div.wide { display: block; } }
        """
}
