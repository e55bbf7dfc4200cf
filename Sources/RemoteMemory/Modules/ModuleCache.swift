public import MemoryModel
import Synchronization

/// What is known of the modules of one source, so that it need not be read again.
public final class ModuleCache: Sendable {
  /// What tells one loaded module from another.
  private struct Key: Hashable {
    let base: Address
    let end: Address
    let file: Region.FileKey?
  }

  private let last = Mutex<ModuleIndex?>(nil)
  private let images = Mutex<[Key: ModuleImage]>([:])

  /// A cache that holds nothing.
  public init() {}

  /// The modules of a map; those of the last one, where it is the very same.
  func index(of map: RegionMap) -> ModuleIndex {
    let known = last.withLock { $0 }
    if let known, known.map.isIdentical(to: map) { return known }
    let index = ModuleIndex(map)
    last.withLock { $0 = index }
    forgetImages(notIn: index)
    return index
  }

  /// The last modules that were asked for.
  var lastIndex: ModuleIndex? { last.withLock { $0 } }

  /// What the headers of a module say.
  func image(of module: Module, in source: any MemorySource) -> ModuleImage {
    let key = Self.key(module)
    if let known = images.withLock({ $0[key] }) { return known }
    let image = ModuleImage(module, in: source)
    return images.withLock { images in
      if let known = images[key] { return known }
      images[key] = image
      return image
    }
  }

  /// Drops what is not mapped any more.
  private func forgetImages(notIn index: ModuleIndex) {
    images.withLock { images in
      guard !images.isEmpty else { return }
      let present = Set(index.modules.map(Self.key))
      images = images.filter { present.contains($0.key) }
    }
  }

  private static func key(_ module: Module) -> Key {
    Key(base: module.base, end: module.end, file: module.regions.first?.fileKey)
  }
}

extension RegionMap {
  /// Whether both have the same list in the same memory, which is known without looking at it.
  fileprivate func isIdentical(to other: RegionMap) -> Bool {
    guard count == other.count, imageEnds.count == other.imageEnds.count else { return false }
    return unsafe regions.withUnsafeBufferPointer { one in
      unsafe other.regions.withUnsafeBufferPointer { two in
        unsafe one.baseAddress == two.baseAddress
      }
    }
  }
}

extension MemorySource {
  /// A source that keeps nothing: everything is read anew each time.
  public var moduleCache: ModuleCache { ModuleCache() }

  /// What the headers of a module say.
  public func image(of module: Module) -> ModuleImage { moduleCache.image(of: module, in: self) }
}
