namespace Noether.Kernels.Tests;

[Category("PTX")]
[Parallelizable(ParallelScope.All)]
public class PtxArithmeticTests
{
    private const ulong One = 0x3F800000, NotANumber = 0x7FC00000, NegativeZero = 0x80000000, Infinity = 0x7F800000;

    // Registers' upper bits are what they happen to be: 0xAB of them must not matter.
    private const ulong Noise = 0xABAB_ABAB_0000_0000;

    [TestCase("add.s32", 0x7FFFFFFFUL, 1UL, 0UL, 0x80000000UL)]
    [TestCase("sub.u32", 0UL, 1UL, 0UL, 0xFFFFFFFFUL)]
    [TestCase("mul.lo.s32", 0xFFFFFFFFUL, 3UL, 0UL, 0xFFFFFFFDUL)]
    [TestCase("mul.hi.u32", 0xFFFFFFFFUL, 0xFFFFFFFFUL, 0UL, 0xFFFFFFFEUL)]
    [TestCase("mul.hi.s32", 0xFFFFFFFFUL, 0xFFFFFFFFUL, 0UL, 0UL)]
    [TestCase("mul.wide.s32", 0xFFFFFFFFUL, 2UL, 0UL, 0xFFFFFFFFFFFFFFFEUL)]
    [TestCase("mul.wide.u32", 0xFFFFFFFFUL, 2UL, 0UL, 0x1FFFFFFFEUL)]
    [TestCase("mad.wide.u32", 0xFFFFFFFFUL, 2UL, 5UL, 0x200000003UL)]
    [TestCase("div.s32", 0xFFFFFFF9UL, 2UL, 0UL, 0xFFFFFFFDUL)]
    [TestCase("rem.s32", 0xFFFFFFF9UL, 2UL, 0UL, 0xFFFFFFFFUL)]
    [TestCase("div.s32", 0x80000000UL, 0xFFFFFFFFUL, 0UL, 0x80000000UL)]
    [TestCase("div.u32", 7UL, 0UL, 0UL, 0xFFFFFFFFUL)]
    [TestCase("rem.u32", 7UL, 0UL, 0UL, 7UL)]
    [TestCase("shl.b32", 1UL, 31UL, 0UL, 0x80000000UL)]
    [TestCase("shl.b32", 1UL, 32UL, 0UL, 0UL)]
    [TestCase("shr.s32", 0x80000000UL, 40UL, 0UL, 0xFFFFFFFFUL)]
    [TestCase("shr.u32", 0x80000000UL, 31UL, 0UL, 1UL)]
    [TestCase("not.b16", 0x00FFUL, 0UL, 0UL, 0xFF00UL)]
    [TestCase("popc.b32", 0xF0F0UL, 0UL, 0UL, 8UL)]
    [TestCase("clz.b32", 1UL, 0UL, 0UL, 31UL)]
    [TestCase("brev.b32", 1UL, 0UL, 0UL, 0x80000000UL)]
    [TestCase("bfe.u32", 0xABCDUL, 4UL, 8UL, 0xBCUL)]
    [TestCase("prmt.b32", 0x33221100UL, 0x77665544UL, 0x7610UL, 0x77661100UL)]
    [TestCase("shf.l.wrap.b32", 0x80000001UL, 2UL, 1UL, 5UL)]
    [TestCase("setp.lt.s32", 0xFFFFFFFFUL, 0UL, 0UL, 1UL)]
    [TestCase("setp.lo.u32", 0xFFFFFFFFUL, 0UL, 0UL, 0UL)]
    [TestCase("add.f32", One, 0x33800000UL, 0UL, One)] // 1 + 2^-24 ties to even
    [TestCase("fma.rn.f32", 0x3F800001UL, 0x3F800001UL, 0xBF800002UL, 0x28800000UL)] // (1 + u)² - (1 + 2u) = u² = 2^-46: nothing of it survives two roundings
    [TestCase("div.rn.f32", One, 0x40400000UL, 0UL, 0x3EAAAAABUL)]
    [TestCase("sqrt.rn.f32", 0x40000000UL, 0UL, 0UL, 0x3FB504F3UL)]
    [TestCase("max.f32", NotANumber, One, 0UL, One)]
    [TestCase("min.f32", 0UL, NegativeZero, 0UL, NegativeZero)]
    [TestCase("max.NaN.f32", NotANumber, One, 0UL, NotANumber)]
    [TestCase("neg.f32", 0UL, 0UL, 0UL, NegativeZero)]
    [TestCase("copysign.f32", NegativeZero, One, 0UL, 0xBF800000UL)]
    [TestCase("setp.ne.f32", NotANumber, One, 0UL, 0UL)]
    [TestCase("setp.neu.f32", NotANumber, One, 0UL, 1UL)]
    [TestCase("setp.ltu.f32", NotANumber, One, 0UL, 1UL)]
    [TestCase("setp.ge.f32", NotANumber, One, 0UL, 0UL)]
    [TestCase("setp.gtu.f32", One, One, 0UL, 0UL)]
    [TestCase("testp.notanumber.f32", NotANumber, 0UL, 0UL, 1UL)]
    [TestCase("testp.infinite.f32", Infinity, 0UL, 0UL, 1UL)]
    [TestCase("selp.b32", 5UL, 6UL, 0UL, 6UL)]
    [TestCase("ex2.approx.f32", 0x40400000UL, 0UL, 0UL, 0x41000000UL)]
    public void A_function_gives_what_the_manual_says(string opcode, ulong a, ulong b, ulong c, ulong expected)
    {
        var noise = opcode.Contains("wide", StringComparison.Ordinal) || opcode.EndsWith("selp.b32", StringComparison.Ordinal) ? 0 : Noise;
        Assert.That(PtxArithmetic.Of(opcode)!(a | noise, b | noise, c), Is.EqualTo(expected));
    }

    [TestCase("cvt.s64.s32", 0xFFFFFFFFUL, 0xFFFFFFFFFFFFFFFFUL)]
    [TestCase("cvt.u64.u32", 0xFFFFFFFFUL, 0xFFFFFFFFUL)]
    [TestCase("cvt.u8.s32", 0x1FFUL, 0xFFUL)]
    [TestCase("cvt.s32.s8", 0x80UL, 0xFFFFFFFFFFFFFF80UL)]
    [TestCase("cvt.s32.u8", 0x80UL, 0x80UL)]
    [TestCase("cvt.rzi.s32.f32", 0xBFC00000UL, 0xFFFFFFFFFFFFFFFFUL)] // -1.5
    [TestCase("cvt.rmi.s32.f32", 0xBFC00000UL, 0xFFFFFFFFFFFFFFFEUL)]
    [TestCase("cvt.rni.s32.f32", 0x40200000UL, 2UL)] // 2.5
    [TestCase("cvt.rpi.s32.f32", 0x40200000UL, 3UL)]
    [TestCase("cvt.rzi.s32.f32", NotANumber, 0UL)]
    [TestCase("cvt.rzi.s32.f32", Infinity, 0x7FFFFFFFUL)]
    [TestCase("cvt.rzi.u8.f32", 0xBF800000UL, 0UL)]
    [TestCase("cvt.rmi.f32.f32", 0xBFC00000UL, 0xC0000000UL)]
    [TestCase("cvt.rn.f32.s32", 0x01000001UL, 0x4B800000UL)] // 2^24 + 1
    [TestCase("cvt.rn.f32.f64", 0x3FF0000010000000UL, One)] // 1 + 2^-24
    [TestCase("cvt.f64.f32", One, 0x3FF0000000000000UL)]
    [TestCase("cvt.rn.bf16.f32", 0x3F808000UL, 0x3F80UL)] // ties to even
    [TestCase("cvt.rn.bf16.f32", 0x3F818000UL, 0x3F82UL)]
    [TestCase("cvt.rna.tf32.f32", 0x3F801000UL, 0x3F802000UL)] // ties away
    [TestCase("cvt.rna.tf32.f32", 0x3F800FFFUL, 0x3F800000UL)]
    public void A_conversion_gives_what_the_manual_says(string opcode, ulong a, ulong expected) => Assert.That(PtxArithmetic.Of(opcode)!(a, 0, 0), Is.EqualTo(expected));

    [Test]
    public void The_first_operand_of_two_that_are_packed_is_the_upper() =>
        Assert.That(PtxArithmetic.Of("cvt.rn.bf16x2.f32")!(One, 0x40000000, 0), Is.EqualTo(0x3F804000));

    [TestCase("add.b32")]
    [TestCase("mul.s32")]
    [TestCase("add.ftz.f32")]
    [TestCase("cvt.rn.f32.f32x")]
    [TestCase("frobnicate.u32")]
    public void What_is_no_function_is_none(string opcode) => Assert.That(PtxArithmetic.Of(opcode), Is.Null);
}
