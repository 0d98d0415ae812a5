namespace Noether.Kernels.Tests;

[Category("PTX")]
[Parallelizable(ParallelScope.All)]
public class PtxMachineTests
{
    // y + 4·thread in %rd4.
    private const string Mine = "mul.wide.u32 %rd3, %r1, 4; add.s64 %rd4, %rd2, %rd3;\n";

    [Test]
    public void Guards_branches_and_scopes()
    {
        // The sum of 0 … thread, halved where it is odd; %r1 and Next mean something else within the braces.
        const string Body = """
            mov.u32 %r2, 0; mov.u32 %r3, 0;
            Next:
            add.s32 %r2, %r2, %r3;
            add.s32 %r3, %r3, 1;
            setp.le.s32 %p1, %r3, %r1;
            @%p1 bra Next;
            {
                .reg .b32 %r1;
                and.b32 %r1, %r2, 1;
                setp.ne.s32 %p2, %r1, 0;
                @!%p2 bra.uni Next;
                shr.u32 %r2, %r2, 1;
                Next:
            }
            st.global.b32 [%rd4], %r2;
            """;
        var expected = Enumerable.Range(0, 40).Select(t => t * (t + 1) / 2).Select(sum => sum % 2 != 0 ? sum / 2 : sum);
        Assert.That(PtxModule.Run<int, int>(PtxModule.Of(Mine + Body), 40, [0], 40), Is.EqualTo(expected));
    }

    [Test]
    public void Vectors_named_registers_and_packs()
    {
        const string Body = """
            .reg .f32 c<4>;
            .reg .b32 lo, hi;
            ld.global.nc.v4.f32 {c0, c1, c2, c3}, [%rd1+16];
            add.f32 c0, c0, 0f3F800000;
            mul.f32 c3, c3, 2.0;
            st.global.v2.f32 [%rd2], {c3, c0};
            mov.b64 %rd5, {1, 2};
            mov.b64 {lo, hi}, %rd5;
            cvt.rn.f32.s32 %f1, hi;
            st.global.f32 [%rd2 + 8], %f1;
            mov.b32 {%h1, %h2}, 0x00030004;
            cvt.rn.f32.u16 %f1, %h2;
            st.global.f32 [%rd2+12], %f1;
            """;
        Assert.That(PtxModule.Run<float, float>(PtxModule.Of(Body), 1, [0, 1, 2, 3, 4, 5, 6, 7], 4), Is.EqualTo([14f, 5, 2, 3]));
    }

    [Test]
    public void Shared_memory_passes_values_over_a_barrier()
    {
        // Static, and dynamic behind it; by symbols of 32 and of 64 bits.
        const string Body = """
            mov.u32 %r2, dynamic; mov.b64 %rd5, fixed;
            shl.b32 %r3, %r1, 2; cvt.u64.u32 %rd6, %r3; add.u64 %rd7, %rd5, %rd6; add.u32 %r4, %r2, %r3;
            st.shared.b32 [%rd7], %r1;
            st.shared.b32 [%r4], %r3;
            bar.sync 0;
            xor.b32 %r5, %r3, 252; cvt.u64.u32 %rd6, %r5; add.u64 %rd7, %rd5, %rd6; add.u32 %r4, %r2, %r5;
            ld.shared.b32 %r6, [%rd7];
            ld.shared.b32 %r7, [%r4];
            add.s32 %r6, %r6, %r7;
            st.global.b32 [%rd4], %r6;
            """;
        var y = PtxModule.Run<int, int>(PtxModule.Of(Mine + Body, ".shared .align 4 .b8 fixed[256];"), 64, [0], 64, dynamicBytes: 256, watchesRaces: true);
        Assert.That(y, Is.EqualTo(Enumerable.Range(0, 64).Select(t => 5 * (63 - t))));
    }

    [TestCase("down", 3, 31, 0)]
    [TestCase("up", 3, 0, 0)]
    [TestCase("bfly", 5, 31, 0)]
    [TestCase("idx", 7, 31, 0)]
    [TestCase("down", 3, 31, 24)] // segments of 8
    [TestCase("idx", 7, 31, 24)]
    public void Shuffles_move_values_within_their_segment(string mode, int step, int clamp, int segment)
    {
        var body = $"""
            shfl.sync.{mode}.b32 %r2|%p1, %r1, {step}, {clamp | segment << 8}, 0xffffffff;
            @!%p1 add.s32 %r2, %r2, 100;
            st.global.b32 [%rd4], %r2;
            """;
        int width = segment == 0 ? 32 : 8;
        var expected = Enumerable.Range(0, 64).Select(t =>
        {
            var (first, place) = (t / width * width, t % width);
            var from = mode switch { "down" => place + step, "up" => place - step, "bfly" => place ^ step, _ => step };
            return from >= 0 && from < width ? first + from : t + 100;
        });
        Assert.That(PtxModule.Run<int, int>(PtxModule.Of(Mine + body), 64, [0], 64), Is.EqualTo(expected));
    }

    [Test]
    public void Votes_count_the_lanes_that_say_yes()
    {
        const string Body = "setp.lt.s32 %p1, %r1, 5; vote.sync.ballot.b32 %r2, %p1, 0xffffffff; vote.sync.all.pred %p2, !%p1, 0xffffffff; selp.b32 %r2, -1, %r2, %p2; st.global.b32 [%rd4], %r2;";
        Assert.That(PtxModule.Run<int, int>(PtxModule.Of(Mine + Body), 64, [0], 64), Is.EqualTo(Enumerable.Range(0, 64).Select(t => t < 32 ? 31 : -1)));
    }

    [Test]
    public void Atomics_see_each_other()
    {
        const string Body = "red.global.add.s32 [%rd1], %r1; atom.global.max.s32 %r2, [%rd1+4], %r1; ld.global.b32 %r3, [%rd1]; st.global.b32 [%rd4], %r3;";
        Assert.That(PtxModule.Run<int, int>(PtxModule.Of(Mine + Body), 10, [5, 0], 10)[9], Is.EqualTo(50));
    }

    [TestCase("ld.global.b32 %r2, [%rd1+8];", "0x10.* which is in no allocation")]
    [TestCase("st.global.b32 [%rd1+6], %r2;", "no multiple")]
    [TestCase("ld.shared.b32 %r2, [dynamic];", "shared memory at 0x400; there are 0")]
    [TestCase("ld.global.b32 %r2, [0];", "in no allocation")]
    [TestCase("setp.lt.s32 %p1, %r1, 7; @%p1 bra End; bar.sync 0; End:", " 7, .*divergence.*thread 0 has ended")]
    [TestCase("setp.lt.s32 %p1, %r1, 7; @%p1 bra End; bar.warp.sync -1; End: bar.sync 0;", " 7, .*divergence.*thread 0 is at \"bar.sync 0\"")]
    [TestCase("Again: bra Again;", "does not end")]
    public void What_is_not_allowed_is_named_with_its_thread(string body, string message) =>
        Assert.That(() => PtxModule.Run<int, int>(PtxModule.Of(body), 32, [1, 2], 1), Throws.TypeOf<PtxException>().With.Message.Matches($"Kernel, group \\(0, 0, 0\\), thread{(message[0] == ' ' ? "" : ".*")}{message}"));

    [TestCase("frobnicate.u32 %r1, %r2;", "frobnicate.u32 .*is not known")]
    [TestCase("add.s32 %r1, %r2, %q7;", "%q7 is not known")]
    [TestCase("bra Nowhere;", "no such label")]
    [TestCase("ld.const.b32 %r1, [%rd1];", "ld.const.b32 .*is not known")]
    public void What_is_not_known_is_named(string body, string message) =>
        Assert.That(() => PtxModule.Run<int, int>(PtxModule.Of(body), 1, [0], 1), Throws.TypeOf<PtxException>().With.Message.Matches(message));

    // A neighbour's value: read before it is written, and the other way round; one place written by all.
    [TestCase("st.shared.b32 [%r3], %r1; ld.shared.b32 %r5, [%r4];", "read by thread 0")]
    [TestCase("ld.shared.b32 %r5, [%r4]; st.shared.b32 [%r3], %r1;", "written by thread 0")]
    [TestCase("st.shared.b32 [dynamic], %r1;", "written by thread 0")]
    [TestCase("st.shared.b32 [%r3], %r1; bar.sync 0; ld.shared.b32 %r5, [%r4];", null)]
    public void A_missing_barrier_is_a_race(string body, string? message)
    {
        const string Places = "mov.u32 %r2, dynamic; shl.b32 %r3, %r1, 2; add.u32 %r3, %r3, %r2; xor.b32 %r4, %r3, 4;\n";
        Assert.That(
            () => PtxModule.Run<int, int>(PtxModule.Of(Places + body), 32, [0], 1, dynamicBytes: 256, watchesRaces: true),
            message is null ? Throws.Nothing : Throws.TypeOf<PtxException>().With.Message.Contains($"was {message}"));
    }

    [Test]
    public void Arguments_lie_at_multiples_of_their_own_alignment()
    {
        var bytes = new PtxArguments().Int32(1).View(2, 3).Bytes((byte)4).Value((5, (short)6)).Float64(7).ToArray().ToArray();
        Assert.That(bytes, Is.EqualTo(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 64 }));
    }

    [Test]
    public void A_launch_that_a_driver_refuses_is_refused()
    {
        var machine = PtxMachine.Load(PtxModule.Of(""));
        Assert.That(() => machine.Launch((1, 1, 1), (1, 1, 1), 0, new byte[8]), Throws.TypeOf<PtxException>().With.Message.Contains("8 bytes of parameters; it takes 16"));
        Assert.That(() => machine.Launch((1, 1, 1), (257, 1, 1), 0, new byte[16]), Throws.TypeOf<PtxException>().With.Message.Contains("257 threads"));
    }
}
