namespace Noether.Kernels.Tests;

/// <summary>Products whose fragments come by <c>ldmatrix</c> from rows in shared memory, against plain products; and copies that are not waited for.</summary>
[Category("PTX")]
[Parallelizable(ParallelScope.All)]
public class PtxTensorCoreTests
{
    // 16 bytes a lane from x to shared memory, %r2 = dynamic + 16·lane.
    private const string Place = "mov.u32 %r2, dynamic; shl.b32 %r3, %r1, 4; add.u32 %r2, %r2, %r3; cvt.u64.u32 %rd3, %r3; add.u64 %rd4, %rd1, %rd3;\n";
    private const string Start = Place + "cp.async.cg.shared.global [%r2], [%rd4], 16; cp.async.commit_group;\n";
    private const string Copy = Start + "cp.async.wait_group 0; bar.sync 0;\n";

    // D where the manual has it: rows t / 4 and 8 further, columns 2(t mod 4) and the next. Rows of y are 32 bytes.
    private const string Write = """
        shr.u32 %r20, %r1, 2; and.b32 %r21, %r1, 3; shl.b32 %r20, %r20, 5; shl.b32 %r21, %r21, 3; add.u32 %r20, %r20, %r21;
        cvt.u64.u32 %rd5, %r20; add.u64 %rd5, %rd2, %rd5;
        st.global.v2.f32 [%rd5], {c0, c1};
        st.global.v2.f32 [%rd5+256], {c2, c3};
        """;

    private const string Zero = ".reg .f32 c<4>; mov.f32 c0, 0f40000000; mov.f32 c1, 0f40000000; mov.f32 c2, 0f40000000; mov.f32 c3, 0f40000000;\n"; // 2

    // A [16, 16] in rows of two chunks, then B [16, 8], a chunk a row. Chunks that lanes name: A's by 8 rows left, 8 rows below, then right; B's by .trans.
    private const string BFloat16Addresses = """
        mov.u32 %r4, dynamic;
        and.b32 %r5, %r1, 15; shl.b32 %r5, %r5, 5; shr.u32 %r6, %r1, 4; shl.b32 %r6, %r6, 4; add.u32 %r5, %r5, %r6; add.u32 %r5, %r5, %r4;
        and.b32 %r7, %r1, 15; shl.b32 %r7, %r7, 4; add.u32 %r7, %r7, %r4; add.u32 %r7, %r7, 512;
        """;

    [Test]
    public void A_product_of_bfloat16_equals_the_plain_one([Values(16, 8)] int depth)
    {
        float[] a = Numbers(16 * 16, 3), b = Numbers(16 * 8, 5);
        var multiply = depth == 16
            ? """
              ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r10, %r11, %r12, %r13}, [%r5];
              ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%r14, %r15}, [%r7];
              mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {c0, c1, c2, c3}, {%r10, %r11, %r12, %r13}, {%r14, %r15}, {c0, c1, c2, c3};
              """
            : """
              ldmatrix.sync.aligned.m8n8.x2.shared::cta.b16 {%r10, %r11}, [%r5];
              ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%r14}, [%r7];
              mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32 {c0, c1, c2, c3}, {%r10, %r11}, {%r14}, {c0, c1, c2, c3};
              """;
        var x = Array.ConvertAll([.. a, .. b], PtxBits.BFloat16);
        // 48 chunks: the second warp copies the rest and multiplies the same.
        var text = PtxModule.Of(Copy + "and.b32 %r1, %r1, 31;\n" + Zero + BFloat16Addresses + multiply + Write);
        Assert.That(PtxModule.Run<ushort, float>(text, 64, [.. x, .. new ushort[128]], 128, dynamicBytes: 1024, watchesRaces: true), Is.EqualTo(Product(a, 16, b, depth)));
    }

    // A [16, 8] of words in rows of two chunks: 8 x 8 halves of words are 8 x 4 words. B lies transposed, [8, 8], so its fragments need no transposition.
    [Test]
    public void A_product_of_tf32_equals_the_plain_one([Values(8, 4)] int depth)
    {
        float[] a = Numbers(16 * 8, 3), b = Numbers(8 * 8, 5);
        var transposed = Enumerable.Range(0, 64).Select(i => b[i % 8 * 8 + i / 8]);
        const string Addresses = """
            mov.u32 %r4, dynamic;
            and.b32 %r5, %r1, 15; shl.b32 %r5, %r5, 5; shr.u32 %r6, %r1, 4; shl.b32 %r6, %r6, 4; add.u32 %r5, %r5, %r6; add.u32 %r5, %r5, %r4;
            and.b32 %r7, %r1, 7; shl.b32 %r7, %r7, 5; shr.u32 %r6, %r1, 3; and.b32 %r6, %r6, 1; shl.b32 %r6, %r6, 4; add.u32 %r7, %r7, %r6; add.u32 %r7, %r7, %r4; add.u32 %r7, %r7, 512;
            """;
        var multiply = depth == 8
            ? """
              ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r10, %r11, %r12, %r13}, [%r5];
              ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%r14, %r15}, [%r7];
              mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {c0, c1, c2, c3}, {%r10, %r11, %r12, %r13}, {%r14, %r15}, {c0, c1, c2, c3};
              """
            : """
              ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%r10, %r11}, [%r5];
              ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r14}, [%r7];
              mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32 {c0, c1, c2, c3}, {%r10, %r11}, {%r14}, {c0, c1, c2, c3};
              """;
        var text = PtxModule.Of(Copy + "and.b32 %r1, %r1, 31;\n" + Zero + Addresses + multiply + Write);
        float[] x = [.. a, .. transposed, .. new float[64]];
        Assert.That(PtxModule.Run<float, float>(text, 64, x, 128, dynamicBytes: 1024, watchesRaces: true), Is.EqualTo(Product(a, 8, b, depth)));
    }

    [Test]
    public void A_tensor_core_ignores_what_a_tf32_has_not() =>
        Assert.That(PtxBits.TensorFloat32(0x3F801FFFUL), Is.EqualTo(1));

    // Without the wait shared memory still holds bytes 0xFF; a wait for all but the last group leaves that one under way.
    [TestCase("cp.async.wait_group 0;", true)]
    [TestCase("cp.async.wait_all;", true)]
    [TestCase("", false)]
    [TestCase("cp.async.wait_group 1;", false)]
    public void A_copy_is_there_once_it_is_waited_for(string wait, bool isThere)
    {
        var text = PtxModule.Of(Start + wait + "ld.shared.b32 %r5, [%r2]; add.u64 %rd5, %rd2, %rd3; st.global.b32 [%rd5], %r5;");
        var y = PtxModule.Run<int, int>(text, 32, [.. Enumerable.Range(0, 128)], 128, dynamicBytes: 512);
        Assert.That(y.Where((_, i) => i % 4 == 0), isThere ? Is.EqualTo(Enumerable.Range(0, 32).Select(i => 4 * i)) : Is.All.EqualTo(-1));
        if (!isThere)
        {
            Assert.That(
                () => PtxModule.Run<int, int>(text, 32, [.. Enumerable.Range(0, 128)], 128, dynamicBytes: 512, watchesRaces: true),
                Throws.TypeOf<PtxException>().With.Message.Contains("is read while thread 0 copies to it"));
        }
    }

    [Test]
    public void A_copy_that_was_not_waited_for_by_its_thread_is_a_race_after_a_barrier()
    {
        var text = PtxModule.Of(Start + "setp.ne.s32 %p1, %r1, 5; @%p1 cp.async.wait_all; bar.sync 0; xor.b32 %r2, %r2, 16; ld.shared.b32 %r5, [%r2];");
        Assert.That(
            () => PtxModule.Run<int, int>(text, 32, new int[128], 1, dynamicBytes: 512, watchesRaces: true),
            Throws.TypeOf<PtxException>().With.Message.Contains("thread 4").And.Message.Contains("thread 5 copies"));
    }

    [Test]
    public void A_copy_fills_with_zeros_what_is_not_there()
    {
        const string Body = Place + "mov.u32 %r4, 4; cp.async.ca.shared.global [%r2], [%rd4], 8, %r4; cp.async.wait_all; ld.shared.v2.b32 {%r5, %r6}, [%r2]; st.global.v2.b32 [%rd2], {%r5, %r6};";
        Assert.That(PtxModule.Run<int, int>(PtxModule.Of(Body), 1, [7, 8], 2, dynamicBytes: 16), Is.EqualTo([7, 0]));
    }

    private static float[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => (float)((i * 7 + seed) % 13 - 6))]; // exact in bfloat16

    private static IEnumerable<float> Product(float[] a, int stride, float[] b, int depth) =>
        from row in Enumerable.Range(0, 16)
        from column in Enumerable.Range(0, 8)
        select 2 + Enumerable.Range(0, depth).Sum(k => a[row * stride + k] * b[k * 8 + column]);
}
