import IsolatedImage
import SICEABI
import Simulation

/// How small the explored machine is.
struct ModelBounds {
    var name: String
    /// One a slot; as many environments fit into the pool.
    var images: [SampleImage]
    var cores = 2
    /// All bad arguments and all exits; else one of each sort.
    var isThorough = false
    /// The run-time log is about to drop its oldest entry.
    var isLogFull = false

    /// A program with a window, all arguments, three cores.
    static let program = ModelBounds(
        name: "program", images: [bareProgram], isThorough: true, isLogFull: true)
    static let programInFewWords = ModelBounds(name: "program, in few words", images: [bareProgram])
    static let linuxGuest = ModelBounds(name: "Linux guest", images: [linuxImage], isThorough: true)
    static let two = ModelBounds(name: "program and Linux guest", images: [bareProgram, linuxImage])
    /// Sealing and destroying take several batches.
    static let large = ModelBounds(name: "large program", images: [largeProgram], cores: 1)
    /// Three cores, for what one does with another while a third looks on.
    static let threeCores = ModelBounds(name: "three cores", images: [bareProgram], cores: 3)
    static let all = [program, linuxGuest, two, large, threeCores]

    /// Pages so that each image fits once, and nothing more.
    var poolPages: Int {
        images.reduce(2) { $0 + Int(Model.pages($1) + Model.tables($1).promised) }
    }

    /// Two content pages, a zero page, and a window of one page.
    private static var bareProgram: SampleImage {
        var image = SampleImage(zeroPages: 1, windows: 1)
        image.regions = [
            ImageRegion(address: 0x10_0000, pages: 2, contentPages: 1, permissions: SampleImage.readWrite),
            ImageRegion(address: 0x20_0000, pages: 1, contentPages: 1, permissions: SampleImage.readExecute),
        ]
        image.windows[0].pages = 1
        image.stackPointer = 0x10_2000
        return image
    }

    private static var linuxImage: SampleImage {
        var image = SampleImage.linuxGuest()
        image.regions = [ImageRegion(address: 0, pages: 4, contentPages: 1, permissions: 7)]
        image.entry = 0
        image.pageTableRoot = 0x1000
        image.stackPointer = 0x4000
        image.fill = 2
        return image
    }

    private static var largeProgram: SampleImage {
        var image = bareProgram
        image.regions.append(
            ImageRegion(
                address: 0x40_0000, pages: ABI.pagesPerStep + 6, contentPages: 0,
                permissions: SampleImage.readWrite))
        return image
    }
}
