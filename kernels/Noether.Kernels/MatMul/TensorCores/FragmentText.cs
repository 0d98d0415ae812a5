namespace Noether.Kernels.MatMul;

/// <summary>PTX that brings a step's fragments, 32 bytes of the depth of 64 lines, from shared memory to the warp's registers.</summary>
/// <remarks>
/// Along the depth one place, pa0 or pb0, names all; the next step's is its xor with 32, 64 and 96. Across lines there are four, the first xor 0, 32, 64 and 96,
/// and the next step lies 4096 bytes on. Operands are places counted from the beginning of shared memory, <c>base</c>: xor needs places whose
/// low bits are the tile's own.
/// Reference: PTX ISA, "Warp-level matrix load instruction: ldmatrix".
/// </remarks>
internal static class FragmentText
{
    /// <summary>The left factor's place along the depth.</summary>
    public const string LeftPlace = "add.u32 pa0, base, %0;";

    /// <summary>Its places across lines.</summary>
    public const string LeftPlaces = "add.u32 pa0, base, %0; add.u32 pa1, base, %1; add.u32 pa2, base, %2; add.u32 pa3, base, %3;";

    /// <summary>The right factor's place along the depth.</summary>
    public const string RightPlace = "add.u32 pb0, base, %0;";

    /// <summary>Its places across lines.</summary>
    public const string RightPlaces = "add.u32 pb0, base, %0; add.u32 pb1, base, %1; add.u32 pb2, base, %2; add.u32 pb3, base, %3;";

    /// <summary>The left factor along the depth, of either number.</summary>
    public const string LeftAlongDepth =
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {a0,a1,a2,a3}, [pa0];" +
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {a4,a5,a6,a7}, [pa0+2048];" +
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {a8,a9,a10,a11}, [pa0+4096];" +
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {a12,a13,a14,a15}, [pa0+6144];";

    /// <summary>The left factor across lines, bfloat16: transposed on the way.</summary>
    public const string LeftAcrossLinesBFloat16 =
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {a0,a1,a2,a3}, [pa0];" +
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {a4,a5,a6,a7}, [pa1];" +
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {a8,a9,a10,a11}, [pa2];" +
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {a12,a13,a14,a15}, [pa3];";

    /// <summary>The left factor across lines, float32: element by element, for ldmatrix transposes halves.</summary>
    public const string LeftAcrossLinesTf32 =
        "ld.shared.b32 a0, [pa0]; ld.shared.b32 a1, [pa1]; ld.shared.b32 a2, [pa0+2048]; ld.shared.b32 a3, [pa1+2048];" +
        "ld.shared.b32 a4, [pa2]; ld.shared.b32 a5, [pa3]; ld.shared.b32 a6, [pa2+2048]; ld.shared.b32 a7, [pa3+2048];" +
        "ld.shared.b32 a8, [pa0+128]; ld.shared.b32 a9, [pa1+128]; ld.shared.b32 a10, [pa0+2176]; ld.shared.b32 a11, [pa1+2176];" +
        "ld.shared.b32 a12, [pa2+128]; ld.shared.b32 a13, [pa3+128]; ld.shared.b32 a14, [pa2+2176]; ld.shared.b32 a15, [pa3+2176];";

    /// <summary>The right factor along the depth, of either number.</summary>
    public const string RightAlongDepth =
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {b0,b1,b2,b3}, [pb0];" +
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {b4,b5,b6,b7}, [pb0+2048];" +
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {b8,b9,b10,b11}, [pb0+4096];" +
        "ldmatrix.sync.aligned.m8n8.x4.shared.b16 {b12,b13,b14,b15}, [pb0+6144];";

    /// <summary>The right factor across lines, bfloat16: transposed on the way.</summary>
    public const string RightAcrossLinesBFloat16 =
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {b0,b1,b2,b3}, [pb0];" +
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {b4,b5,b6,b7}, [pb1];" +
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {b8,b9,b10,b11}, [pb2];" +
        "ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {b12,b13,b14,b15}, [pb3];";

    /// <summary>The right factor across lines, float32: element by element, for ldmatrix transposes halves.</summary>
    public const string RightAcrossLinesTf32 =
        "ld.shared.b32 b0, [pb0]; ld.shared.b32 b1, [pb0+2048]; ld.shared.b32 b2, [pb1]; ld.shared.b32 b3, [pb1+2048];" +
        "ld.shared.b32 b4, [pb2]; ld.shared.b32 b5, [pb2+2048]; ld.shared.b32 b6, [pb3]; ld.shared.b32 b7, [pb3+2048];" +
        "ld.shared.b32 b8, [pb0+128]; ld.shared.b32 b9, [pb0+2176]; ld.shared.b32 b10, [pb1+128]; ld.shared.b32 b11, [pb1+2176];" +
        "ld.shared.b32 b12, [pb2+128]; ld.shared.b32 b13, [pb2+2176]; ld.shared.b32 b14, [pb3+128]; ld.shared.b32 b15, [pb3+2176];";
}
