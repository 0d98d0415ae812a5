namespace Noether.Kernels.MatMul;

/// <summary>PTX that copies from global to shared memory past the registers.</summary>
/// <remarks>
/// A copy has a place in shared memory (operand 0, in bytes), an address in global memory (1) and the bytes from one row to the next that the thread
/// copies (2); its eight chunks lie <see cref="TensorCoreTile.CopyBytes"/> apart in shared memory.
/// Reference: PTX ISA, "cp.async"; bytes of a chunk beyond its source size become 0.
/// </remarks>
internal static class CopyText
{
    /// <summary>Where dynamic shared memory begins: ILGPU's own name for it.</summary>
    public const string Base = "mov.u32 base, __dyn_shared_alloca;";

    /// <summary>Ends a stage, also an empty one: stages are counted.</summary>
    public const string Commit = "cp.async.commit_group;";

    /// <summary>Waits until at most one of the thread's stages is still on its way.</summary>
    public const string Wait = "cp.async.wait_group 1;";

    /// <summary>Eight whole chunks.</summary>
    public const string Whole =
        "add.u32 to, base, %0; mov.b64 from, %1; " +
        Chunk + "[to], [from], 16; " + Next + Chunk + "[to+2048], [from], 16; " + Next +
        Chunk + "[to+4096], [from], 16; " + Next + Chunk + "[to+6144], [from], 16; " + Next +
        Chunk + "[to+8192], [from], 16; " + Next + Chunk + "[to+10240], [from], 16; " + Next +
        Chunk + "[to+12288], [from], 16; " + Next + Chunk + "[to+14336], [from], 16;";

    /// <summary>Eight chunks, of which the first have some bytes (operand 3) inside the matrix, and those from a number on (4) none.</summary>
    public const string Guarded =
        "add.u32 to, base, %0; mov.b64 from, %1; " +
        "setp.gt.s32 inside, %4, 0; " + Bytes + Chunk + "[to], [from], 16, bytes; " + Next +
        "setp.gt.s32 inside, %4, 1; " + Bytes + Chunk + "[to+2048], [from], 16, bytes; " + Next +
        "setp.gt.s32 inside, %4, 2; " + Bytes + Chunk + "[to+4096], [from], 16, bytes; " + Next +
        "setp.gt.s32 inside, %4, 3; " + Bytes + Chunk + "[to+6144], [from], 16, bytes; " + Next +
        "setp.gt.s32 inside, %4, 4; " + Bytes + Chunk + "[to+8192], [from], 16, bytes; " + Next +
        "setp.gt.s32 inside, %4, 5; " + Bytes + Chunk + "[to+10240], [from], 16, bytes; " + Next +
        "setp.gt.s32 inside, %4, 6; " + Bytes + Chunk + "[to+12288], [from], 16, bytes; " + Next +
        "setp.gt.s32 inside, %4, 7; " + Bytes + Chunk + "[to+14336], [from], 16, bytes;";

    /// <summary>The thread's first place in the finished tile (operand 0), for <see cref="MultiplyText.Store"/>.</summary>
    public const string Result = "add.u32 to, base, %0;";

    /// <summary>Writes four floats (operands 1 to 4) to an address in global memory (0), rounded to bfloat16.</summary>
    public const string Narrow = "cvt.rn.bf16x2.f32 to, %2, %1; cvt.rn.bf16x2.f32 bytes, %4, %3; st.global.v2.b32 [%0], {to, bytes};";

    private const string Chunk = "cp.async.cg.shared.global ";
    private const string Next = "add.s64 from, from, %2; ";
    private const string Bytes = "selp.b32 bytes, %3, 0, inside; ";
}
