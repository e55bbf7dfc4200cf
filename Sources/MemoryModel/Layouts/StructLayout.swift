/// How a C struct lies in memory: its fields, each with an offset, a type and perhaps a count.
///
/// Fields may overlap, as in a union. Offsets that are not given follow the field before at natural
/// alignment, which is what a C compiler does on 64-bit machines; the i386 ABI aligns 8-byte
/// members to 4 only, so give offsets there.
public struct StructLayout: Hashable, Sendable {
  /// By what a field is called: a name, or a number as in the array part of a Lua table.
  public enum Key: Hashable, Sendable {
    /// A name.
    case name(String)
    /// A number.
    case index(Int)
  }

  /// What one element of a field is.
  public indirect enum Element: Hashable, Sendable {
    /// A single value.
    case scalar(ScalarFormat)
    /// Text in a buffer of this many bytes; it ends at its terminator or with the buffer.
    case text(TextEncoding, byteCount: Int)
    /// This many bytes as they are.
    case bytes(Int)
    /// Another struct.
    case nested(StructLayout)
    /// The address of a struct that a catalog of types knows by this name.
    case pointer(to: String)
    /// Some bits of a number.
    case bits(BitField)
    /// Elements side by side, as in an array of arrays; without a stride as in `Field`.
    case array(Element, count: Int, stride: Int? = nil)
  }

  /// One field.
  public struct Field: Hashable, Sendable {
    /// What it is called.
    public let key: Key
    /// Where it starts, in bytes from the start of the struct; nil for behind the field before it.
    public let offset: Int?
    /// What it, or each element of it, is.
    public let element: Element
    /// How many elements it has; nil for a field that is no array.
    public let count: Int?
    /// How many bytes lie from one element to the next; nil for the size of an element, padded to
    /// its alignment.
    public let stride: Int?

    /// A field.
    public init(
      key: Key, offset: Int? = nil, element: Element, count: Int? = nil, stride: Int? = nil
    ) {
      self.key = key
      self.offset = offset
      self.element = element
      self.count = count
      self.stride = stride
    }
  }

  /// A field with its place worked out for one pointer width.
  struct Placed: Hashable, Sendable {
    let offset: Int
    let stride: Int
    /// What it, or each element of it, is; bits with their place worked out.
    let element: Element
  }

  /// Everything that depends on the pointer width.
  struct Shape: Hashable, Sendable {
    let placed: [Placed]
    let byteCount: Int
    let alignment: Int
    /// The sum of the sizes of all values, which is more than the size where fields overlap.
    let contentByteCount: Int
  }

  /// How large a struct may be, in bytes.
  public static let byteLimit = 1 << 20
  /// How deep structs may be nested.
  public static let depthLimit = 32
  /// How many single values a struct may hold, all arrays and nested structs counted.
  public static let leafLimit = 1 << 20

  /// How many bytes all values of a struct may have together, those of overlapping fields counted
  /// each time.
  public static let contentLimit = 4 << 20

  /// The fields in the order given.
  public let fields: [Field]
  /// How many structs are nested in each other, this one included.
  let depth: Int
  /// How many single values there are.
  let leafCount: Int
  private let narrow: Shape
  private let wide: Shape

  /// A layout of these fields.
  /// - Parameters:
  ///   - fields: the fields, each with a key of its own.
  ///   - byteCount: the size of the whole in bytes; nil for the end of the last field, padded to
  ///     the alignment of the widest one where an offset was left out.
  ///   - alignment: how it is aligned inside other structs, a power of two; nil for the alignment of
  ///     its widest field.
  ///   - width: the only width of pointers it is meant for; nil for both.
  /// - Throws: `StructLayoutError` with the field and what is wrong: negative or too large numbers,
  ///   a key that stands twice, too deep nesting, a field beyond the given size.
  public init(
    fields: [Field], byteCount: Int? = nil, alignment: Int? = nil, for width: PointerWidth? = nil
  ) throws(StructLayoutError) {
    self.fields = fields
    (depth, leafCount) = try Self.checked(fields)
    narrow = try Self.shape(of: fields, byteCount, alignment, width ?? .four)
    wide = width == nil ? try Self.shape(of: fields, byteCount, alignment, .eight) : narrow
  }

  /// The size in bytes in a target with pointers of this width.
  public func byteCount(pointerWidth: PointerWidth) -> Int { shape(pointerWidth).byteCount }

  /// How the struct is aligned inside others.
  public func alignment(pointerWidth: PointerWidth) -> Int { shape(pointerWidth).alignment }

  /// Where a field starts, in bytes from the start of the struct; nil when there is no such field.
  public func offset(of key: Key, pointerWidth: PointerWidth) -> Int? {
    guard let index = fields.firstIndex(where: { $0.key == key }) else { return nil }
    return shape(pointerWidth).placed[index].offset
  }

  /// A field as one element, an array included, and where it starts.
  public func place(
    of key: Key, pointerWidth: PointerWidth
  ) -> (offset: Int, element: Element)? {
    guard let index = fields.firstIndex(where: { $0.key == key }) else { return nil }
    return place(at: index, pointerWidth: pointerWidth)
  }

  /// The field at a position in `fields`, as one element, and where it starts.
  public func place(at index: Int, pointerWidth: PointerWidth) -> (offset: Int, element: Element) {
    let place = shape(pointerWidth).placed[index]
    guard let count = fields[index].count else { return (place.offset, place.element) }
    return (place.offset, .array(place.element, count: count, stride: place.stride))
  }

  /// What depends on the pointer width.
  func shape(_ pointerWidth: PointerWidth) -> Shape {
    pointerWidth == .four ? narrow : wide
  }
}

extension StructLayout.Key: CustomStringConvertible {
  /// The name, or the number.
  public var description: String {
    switch self {
    case .name(let name): name
    case .index(let index): String(index)
    }
  }
}
