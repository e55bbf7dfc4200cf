internal import CLuaBridge

/// Why a module could not be put into a state.
public enum InstallationError: Error { case outOfMemory }

extension LuaState {
  /// Puts a declared module into the state: as a global, and for `require`.
  public func install(_ module: ModuleDeclaration) throws(InstallationError) {
    keep(module)
    for declaration in module.classes { try defineClass(declaration) }
    for function in module.functions { try define(function, in: Int32(PVL_MODULE)) }
    for declaration in module.classes { try defineMembers(of: declaration) }
    for constant in module.constants { try defineConstant(constant.name, constant.value) }
    for feature in module.features { try defineFeature(feature.name, feature.isPresent) }
    unsafe try require { host in
      unsafe module.name.withCStringAndCount { unsafe pvl_publish_module(host, $0, $1) }
    }
  }

  private func require(_ step: (OpaquePointer) -> Bool) throws(InstallationError) {
    guard let pointer = unsafe pointer, unsafe step(pointer) else {
      throw InstallationError.outOfMemory
    }
  }

  private func defineClass(_ declaration: ClassDeclaration) throws(InstallationError) {
    var id: Int32 = -1
    unsafe try require { host in
      unsafe declaration.name.withCStringAndCount { unsafe pvl_define_class(host, $0, $1, &id) }
    }
    registerClass(declaration, id: id)
  }

  private func defineMembers(of declaration: ClassDeclaration) throws(InstallationError) {
    guard let id = classID(of: declaration.type) else { return }
    for member in declaration.members
    where member.role != .unknownField && member.role != .unknownAssignment {
      try define(member, in: id)
    }
    if let own = declaration.members.first(where: { $0.role == .unknownAssignment }) {
      let function = register(own.bind(self))
      if let pointer = unsafe pointer {
        unsafe pvl_define_unknown_assignment(pointer, id, function)
      }
    }
    let unknown = register(unknownField(of: declaration))
    if let pointer = unsafe pointer { unsafe pvl_define_unknown_field(pointer, id, unknown) }
  }

  /// What answers for a field that nobody declared: the class's own way, or an error with the
  /// nearest name.
  private func unknownField(of declaration: ClassDeclaration) -> Declaration.Body {
    if let own = declaration.members.first(where: { $0.role == .unknownField }) {
      return own.bind(self)
    }
    let names = declaration.members.map(\.name)
    return { call in
      throw ScriptFailure.misuse(
        Spelling.unknown("field", call.fieldName, among: names) + " of a \(declaration.name)")
    }
  }

  private func define(_ declaration: Declaration, in classID: Int32) throws(InstallationError) {
    let function = register(declaration.bind(self))
    try define(declaration.name, declaration.role.bridged, function, in: classID)
    if declaration.isClosing { try define("__close", PVL_METAMETHOD, function, in: classID) }
    guard declaration.hasTwin else { return }
    try define("try_" + declaration.name, PVL_TRY, function, in: classID)
  }

  private func define(
    _ name: String, _ role: pvl_role, _ function: Int32, in classID: Int32
  ) throws(InstallationError) {
    unsafe try require { host in
      unsafe name.withCStringAndCount {
        unsafe pvl_define_function(host, classID, role, $0, $1, function)
      }
    }
  }

  private func defineConstant(_ name: String, _ value: String) throws(InstallationError) {
    unsafe try require { host in
      unsafe name.withCStringAndCount { name, length in
        unsafe value.withCStringAndCount { value, count in
          unsafe pvl_define_constant_bytes(host, name, length, value, count)
        }
      }
    }
  }

  private func defineFeature(_ name: String, _ isPresent: Bool) throws(InstallationError) {
    unsafe try require { host in
      unsafe name.withCStringAndCount { unsafe pvl_define_feature(host, $0, $1, isPresent) }
    }
  }
}

extension Declaration.Role {
  fileprivate var bridged: pvl_role {
    switch self {
    case .function, .unknownField, .unknownAssignment: PVL_FUNCTION
    case .getter: PVL_GETTER
    case .setter: PVL_SETTER
    case .item: PVL_ITEM
    case .metamethod: PVL_METAMETHOD
    }
  }
}

extension String {
  /// Lends the text as C sees it, with its length in bytes.
  func withCStringAndCount<Result>(
    _ body: (UnsafePointer<CChar>, Int) -> Result
  ) -> Result {
    let count = utf8.count
    return unsafe withCString { unsafe body($0, count) }
  }
}
