import MemoryModel
import Testing

@Suite("names of Rust") struct RustNameTests {
  @Test(
    "are written as people write them",
    arguments: [
      ("_RNvCs1234_7mycrate3foo", "mycrate::foo"),
      ("_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar"),
      ("_RNvC6_123foo3bar", "123foo::bar"),
      ("_RNCNvCsgStHSCytQ6I_7mycrate4main0B3_", "mycrate::main::{closure#0}"),
      ("_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}"),
      ("_RINvNtC3std3mem8align_ofjE", "std::mem::align_of::<usize>"),
      ("_RINvNtC3std3mem8align_ofjdE", "std::mem::align_of::<usize, f64>"),
      ("_RINvC1a1bRhQSlPAmj5_TabEE", "a::b::<&u8, &mut [i32], *const [u32; 5], (i8, bool)>"),
      ("_RINvC1a1bFUKCjEuE", "a::b::<unsafe extern \"C\" fn(usize)>"),
      ("_RINvC1a1bKj1f_Kb1_Kc61_KpE", "a::b::<31, true, 'a', _>"),
      (
        "_RNvMsr_NtCs3ssYzQotkvD_3std4pathNtB5_7PathBuf3newCs15kBYyAo9fc_7mycrate",
        "<std::path::PathBuf>::new"
      ),
      (
        "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
        "alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>"
      ),
      (
        "_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y",
        "utf8_idents::საჭმელად_გემრიელი_სადილი"
      ),
      ("_ZN4core3fmt9Formatter3new17h0123456789abcdefE", "core::fmt::Formatter::new"),
      ("_ZN4core3fmt9Formatter3new17h0123456789abcdefE.llvm.1234", "core::fmt::Formatter::new"),
      (
        "_ZN71_$LT$Test$u20$$u2b$$u20$$u27$static$u20$as$u20$foo..Bar$LT$Test$GT$$GT$3bar17h930b740aa94f1d3aE",
        "<Test + 'static as foo::Bar<Test>>::bar"
      ),
    ])
  func shown(_ name: String, _ text: String) {
    #expect(RustName(bytes(name))?.text == text)
  }

  @Test(
    "are told from others",
    arguments: [
      "", "_R", "_Z", "_ZN4game4Hero3hitEi", "_ZN3stdE", "_RN", "_R1NvC1a1b", "main", "_RBa_",
      "_RNvB_1a", "_RNvC9999a1b", "_RINvC1a1bTT", "_ZN3foo17h0123456789abcdeE",
      "_ZN99999999999999999999a",
    ])
  func others(_ name: String) { #expect(RustName(bytes(name)) == nil) }

  @Test("of any bytes end")
  func mutated() {
    var noise = SplitMix(seed: 5)
    let name = bytes(
      "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std"
    )
    let letters = bytes("ABCDEFIKLMNPQRSTXYUGabchijmnpsuxyz0159_")
    for _ in 0..<20_000 {
      var changed = name
      for _ in 0...noise.next(upTo: 4) {
        changed[2 + noise.next(upTo: changed.count - 2)] = letters[noise.next(upTo: letters.count)]
      }
      #expect((RustName(changed)?.text.utf8.count ?? 0) <= RustName.longestText)
    }
  }
}
