public import LuaHost
import MemoryModel
import RemoteMemory

/// The Lua module `pvm`: everything a script sees, declared.
///
/// Lua API in one place: a function is one value in one of these lists, and its argument checks, its
/// `try_` twin, its help page, its editor definition and its reference entry are made from it.
public enum PVMModule {
  /// The module as it is installed and as its manual is written.
  public static var declaration: ModuleDeclaration {
    ModuleDeclaration(
      "pvm", "Read, write and change the memory of other processes.",
      functions: [
        processFunctions, coreFunctions, timeFunctions, watchFunctions, freezeFunctions,
        memoryFunctions, typeFunctions, pathFunctions, journalFunctions, manualFunctions,
      ],
      classes: [
        processClass, regionListClass, regionClass, moduleClass, planClass, valuesClass, cellClass,
        typeClass, viewClass, pathClass, guessClass, hitsClass,
        walkClass, labelsClass, watcherClass, momentClass, trackClass, trackedClass, bufferClass,
        pauseClass, patchClass, freezeClass, timerClass,
        modifiedClass, codeClass,
        diffClass, diffWalkClass, diffRangesClass,
      ],
      constants: [
        ("version", version, "of pvmlua"), ("_VERSION", "pvmlua \(version)", "of pvmlua"),
      ],
      features: [
        ("regex", RegexSet.isBuiltIn), ("disassembly", Disassembler.isBuiltIn),
        ("debuginfo", RemoteProcess.readsDebugInformation),
      ])
  }

  /// Of pvmlua.
  public static let version = "0.1.0"

  /// Puts the module into a state, for a session.
  public static func install(
    in state: LuaState, session: Session
  ) throws(InstallationError) {
    state.context = session
    try state.install(declaration)
  }
}
