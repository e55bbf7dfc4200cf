internal import CLuaBridge

/// One Lua state with the declared functions in it.
///
/// Everything happens on the thread that made it. Swift reaches Lua only through protected calls,
/// and every declared function returns to C before anything is raised.
@safe
public final class LuaState {
  /// The host in C; nil once closed.
  private(set) var pointer: OpaquePointer?
  private var bodies: ContiguousArray<Declaration.Body> = []
  private var classIDs: [ObjectIdentifier: Int32] = [:]
  private var classNames: [String] = []
  private(set) var installed: [ModuleDeclaration] = []
  /// Which declaration each declared function was made from: its class and its place there, both
  /// counted in the order in which they were installed; class -1 for functions of the module.
  private var origins: [Int32: (module: Int, owner: Int, member: Int)] = [:]
  /// Those that belong to no module.
  private var loose: [Int32: Declaration] = [:]
  /// Set by the executable: what a room above wants to find again from a call.
  public var context: AnyObject?
  /// The declared function that runs at this moment, the innermost one.
  public private(set) var runningCall: RunningCall?
  /// An error value of the script that the function that runs is to raise when it has returned,
  /// whatever it answers: for what is called from deep below it, where only Swift's errors pass.
  public var pendingError: KeptFunction?

  /// How a state is made.
  public struct Configuration {
    /// Bytes that Lua and the replies under way may hold; nil: no limit.
    public var memoryLimit: Int?
    /// LUA_PATH, LUA_CPATH and LUA_INIT do not count.
    public var ignoresEnvironment = false
    public init() {}
  }

  /// - Returns: nil when memory does not suffice.
  public init?(_ configuration: Configuration = Configuration()) {
    var options = unsafe pvl_options()
    unsafe options.body = runBody
    unsafe options.release = { object in
      guard let object = unsafe object else { return }
      unsafe Unmanaged<AnyObject>.fromOpaque(object).release()
    }
    unsafe options.context = Unmanaged.passUnretained(self).toOpaque()
    unsafe options.memory_limit = configuration.memoryLimit ?? 0
    guard let pointer = unsafe pvl_open(&options, configuration.ignoresEnvironment) else {
      return nil
    }
    unsafe self.pointer = pointer
  }

  deinit { close() }

  /// Closes the state: finalizers run, then every handle that is left gives up its object.
  public func close() {
    guard let pointer = unsafe pointer else { return }
    unsafe pvl_close(pointer)
    unsafe self.pointer = nil
  }

  /// "Lua 5.4.4".
  public static var luaVersion: String { unsafe String(cString: pvl_lua_version()) }
  /// Lua's own version and copyright line.
  public static var luaCopyright: String { unsafe String(cString: pvl_lua_copyright()) }

  /// True from Ctrl-C until the outermost run has returned. Long loops ask once a block.
  public static var isInterrupted: Bool { pvl_is_interrupted() }
  /// As if Ctrl-C had been pressed.
  public static func interrupt() { pvl_interrupt() }

  /// What the second Ctrl-C during a run calls instead of ending the program: a signal handler that
  /// sees to its end in another way. A third one ends it at once.
  public static func setLastResort(_ handler: @escaping @convention(c) (Int32) -> Void) {
    pvl_set_last_resort(handler)
  }

  /// Says whether Ctrl-C came just before a run that it is meant for: a prompt that notes the key
  /// while it reads lines is asked when a run begins.
  public static func setEarlyInterrupt(_ take: @escaping @convention(c) () -> Bool) {
    pvl_set_early_interrupt(take)
  }

  /// Takes an interrupt back that has done its work, such as ending a search: what runs goes on.
  public func forgiveInterrupt() {
    guard let pointer = unsafe pointer else { return }
    unsafe pvl_forgive_interrupt(pointer)
  }
  /// Stops the run of this state alone; nothing happens while it is idle. Safe from any thread, as
  /// long as the state is not closed meanwhile.
  public func interrupt() {
    if let pointer = unsafe pointer { unsafe pvl_interrupt_host(pointer) }
  }

  /// Whether it runs something on the thread that asks: only then may its functions be called.
  public var isRunningHere: Bool {
    guard let pointer = unsafe pointer else { return false }
    return unsafe pvl_is_running_here(pointer)
  }

  // MARK: Declared functions

  func classID<Object: AnyObject>(of type: Object.Type) -> Int32? {
    classIDs[ObjectIdentifier(type)]
  }

  func classID(of type: ObjectIdentifier) -> Int32? { classIDs[type] }

  func classID(of object: AnyObject) -> Int32? { classIDs[ObjectIdentifier(type(of: object))] }

  func className(_ id: Int32) -> String {
    classNames.indices.contains(Int(id)) ? classNames[Int(id)] : "object"
  }

  func register(_ body: @escaping Declaration.Body) -> Int32 {
    bodies.append(body)
    return Int32(bodies.count - 1)
  }

  /// Notes what a registered function was made from.
  func note(_ function: Int32, owner: Int, member: Int) {
    origins[function] = (installed.count - 1, owner, member)
  }

  /// Notes a function that belongs to no module.
  func note(_ function: Int32, _ declaration: Declaration) { loose[function] = declaration }

  /// What a declared function was made from.
  func manualPlace(_ function: Int32) -> ManualPlace? {
    if let declaration = loose[function] {
      return ManualPlace(declaration: declaration, owner: nil, module: "")
    }
    guard let origin = origins[function] else { return nil }
    let module = installed[origin.module]
    guard origin.owner >= 0 else {
      return ManualPlace(
        declaration: module.functions[origin.member], owner: nil, module: module.name)
    }
    let owner = module.classes[origin.owner]
    return ManualPlace(
      declaration: owner.members[origin.member], owner: owner, module: module.name)
  }

  /// The declaration of a class by its number.
  func classDeclaration(_ id: Int32) -> ClassDeclaration? {
    let name = className(id)
    return installed.lazy.flatMap(\.classes).first { $0.name == name }
  }

  /// Holds on to a declaration: freeing hundreds of values costs a third of the start-up time, and
  /// a program that ends need not.
  func keep(_ module: ModuleDeclaration) { installed.append(module) }

  func registerClass(_ declaration: ClassDeclaration, id: Int32) {
    classIDs[declaration.type] = id
    classNames.append(declaration.name)
  }

  fileprivate func run(_ function: Int32, _ call: borrowing Call) -> Bool {
    let outer = runningCall
    runningCall = call.running
    defer { runningCall = outer }
    var failure: (any Error)?
    do { try bodies[Int(function)](call) } catch { failure = error }
    if let value = pendingError {
      pendingError = nil
      call.fail(with: value)
    } else if let failure {
      call.fail(failure)
    } else {
      return true
    }
    return false
  }
}

/// The one function C calls. It returns normally, whatever happened.
private func runBody(
  context: UnsafeMutableRawPointer?, state: OpaquePointer?, function: Int32, count: Int32,
  answer: OpaquePointer?
) -> Bool {
  guard let context = unsafe context, let state = unsafe state, let answer = unsafe answer else {
    return false
  }
  return unsafe Unmanaged<LuaState>.fromOpaque(context)._withUnsafeGuaranteedRef { host in
    let call = unsafe Call(state: state, answer: answer, argumentCount: count, host: host)
    return host.run(function, call)
  }
}

extension Call {
  /// Has C raise a value of the script's.
  fileprivate func fail(with value: KeptFunction) {
    reply.clear()
    reply.function(value)
  }

  /// Turns a thrown error into the reply that C will raise.
  fileprivate func fail(_ error: any Error) {
    switch error {
    case ScriptFailure.badArgument(let index, let reason): reply.badArgument(index, reason)
    case ScriptFailure.misuse(let text): reply.misuse(text)
    case ScriptFailure.raised(let index):
      reply.raiseAgain(index)
    case let mismatch as ArgumentMismatch: reply.misuse(mismatch.reason)
    case let error as any ScriptError:
      reply.clear()
      reply.error(error)
    default: reply.misuse("\(error)")
    }
  }
}

extension Reply {
  func badArgument(_ index: Int32, _ reason: String) {
    unsafe reason.withCStringAndCount { unsafe pvl_reply_bad_argument(pointer, index, $0, $1) }
  }

  func misuse(_ text: String) {
    unsafe text.withCStringAndCount { unsafe pvl_reply_misuse(pointer, $0, $1) }
  }

  func raiseAgain(_ index: Int32) { unsafe pvl_reply_raise_again(pointer, index) }
  /// Forgets what was written so far.
  func clear() { unsafe pvl_reply_clear(pointer) }
  func markError() { unsafe pvl_reply_mark_error(pointer) }
}
