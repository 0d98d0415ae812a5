namespace Noether.Kernels.MatMul;

/// <summary>PTX that multiplies: a warp's 64 x 64 elements by 32 bytes of the depth.</summary>
/// <remarks>
/// Registers: c0 to c127 add up, four for each of 4 x 8 tiles of 16 x 8 elements; a0 to a15 are four fragments of the left factor, b0 to b15 eight of
/// the right. They are named, for what goes through operands of inline assembly that are written lives in local memory as soon as a barrier or a copy stands
/// between. Texts are constants, because the compiler takes nothing else; constants know no loops, so every tile is written out.
/// Reference: PTX ISA, "Matrix fragments for mma.m16n8k8" and "for mma.m16n8k16 with floating point type".
/// </remarks>
internal static class MultiplyText
{
    /// <summary>All registers that the texts of tensor cores share.</summary>
    public const string Declare =
        ".reg .f32 c<128>; .reg .b32 a<16>, b<16>, pa<4>, pb<4>, base, to, bytes; .reg .b64 from; .reg .pred inside;";

    /// <summary>The 32 products of float32 bits read as TF32.</summary>
    public const string Tf32 =
        AsTf32 + Tile00 + AsTf32 + Tile01 + AsTf32 + Tile02 + AsTf32 + Tile03 +
        AsTf32 + Tile04 + AsTf32 + Tile05 + AsTf32 + Tile06 + AsTf32 + Tile07 +
        AsTf32 + Tile10 + AsTf32 + Tile11 + AsTf32 + Tile12 + AsTf32 + Tile13 +
        AsTf32 + Tile14 + AsTf32 + Tile15 + AsTf32 + Tile16 + AsTf32 + Tile17 +
        AsTf32 + Tile20 + AsTf32 + Tile21 + AsTf32 + Tile22 + AsTf32 + Tile23 +
        AsTf32 + Tile24 + AsTf32 + Tile25 + AsTf32 + Tile26 + AsTf32 + Tile27 +
        AsTf32 + Tile30 + AsTf32 + Tile31 + AsTf32 + Tile32 + AsTf32 + Tile33 +
        AsTf32 + Tile34 + AsTf32 + Tile35 + AsTf32 + Tile36 + AsTf32 + Tile37;

    /// <summary>The 32 products of pairs of bfloat16.</summary>
    public const string BFloat16 =
        AsBFloat16 + Tile00 + AsBFloat16 + Tile01 + AsBFloat16 + Tile02 + AsBFloat16 + Tile03 +
        AsBFloat16 + Tile04 + AsBFloat16 + Tile05 + AsBFloat16 + Tile06 + AsBFloat16 + Tile07 +
        AsBFloat16 + Tile10 + AsBFloat16 + Tile11 + AsBFloat16 + Tile12 + AsBFloat16 + Tile13 +
        AsBFloat16 + Tile14 + AsBFloat16 + Tile15 + AsBFloat16 + Tile16 + AsBFloat16 + Tile17 +
        AsBFloat16 + Tile20 + AsBFloat16 + Tile21 + AsBFloat16 + Tile22 + AsBFloat16 + Tile23 +
        AsBFloat16 + Tile24 + AsBFloat16 + Tile25 + AsBFloat16 + Tile26 + AsBFloat16 + Tile27 +
        AsBFloat16 + Tile30 + AsBFloat16 + Tile31 + AsBFloat16 + Tile32 + AsBFloat16 + Tile33 +
        AsBFloat16 + Tile34 + AsBFloat16 + Tile35 + AsBFloat16 + Tile36 + AsBFloat16 + Tile37;

    /// <summary>Rounds both factors' fragments to TF32: the cores cut what they do not read, which errs twice as much.</summary>
    public const string Round =
        "cvt.rna.tf32.f32 a0, a0; cvt.rna.tf32.f32 a1, a1; cvt.rna.tf32.f32 a2, a2; cvt.rna.tf32.f32 a3, a3;" +
        "cvt.rna.tf32.f32 a4, a4; cvt.rna.tf32.f32 a5, a5; cvt.rna.tf32.f32 a6, a6; cvt.rna.tf32.f32 a7, a7;" +
        "cvt.rna.tf32.f32 a8, a8; cvt.rna.tf32.f32 a9, a9; cvt.rna.tf32.f32 a10, a10; cvt.rna.tf32.f32 a11, a11;" +
        "cvt.rna.tf32.f32 a12, a12; cvt.rna.tf32.f32 a13, a13; cvt.rna.tf32.f32 a14, a14; cvt.rna.tf32.f32 a15, a15;" +
        "cvt.rna.tf32.f32 b0, b0; cvt.rna.tf32.f32 b1, b1; cvt.rna.tf32.f32 b2, b2; cvt.rna.tf32.f32 b3, b3;" +
        "cvt.rna.tf32.f32 b4, b4; cvt.rna.tf32.f32 b5, b5; cvt.rna.tf32.f32 b6, b6; cvt.rna.tf32.f32 b7, b7;" +
        "cvt.rna.tf32.f32 b8, b8; cvt.rna.tf32.f32 b9, b9; cvt.rna.tf32.f32 b10, b10; cvt.rna.tf32.f32 b11, b11;" +
        "cvt.rna.tf32.f32 b12, b12; cvt.rna.tf32.f32 b13, b13; cvt.rna.tf32.f32 b14, b14; cvt.rna.tf32.f32 b15, b15;";

    /// <summary>Begins the sums.</summary>
    public const string Clear =
        "mov.f32 c0, 0f00000000; mov.f32 c1, 0f00000000; mov.f32 c2, 0f00000000; mov.f32 c3, 0f00000000; " +
        "mov.f32 c4, 0f00000000; mov.f32 c5, 0f00000000; mov.f32 c6, 0f00000000; mov.f32 c7, 0f00000000; " +
        "mov.f32 c8, 0f00000000; mov.f32 c9, 0f00000000; mov.f32 c10, 0f00000000; mov.f32 c11, 0f00000000; " +
        "mov.f32 c12, 0f00000000; mov.f32 c13, 0f00000000; mov.f32 c14, 0f00000000; mov.f32 c15, 0f00000000; " +
        "mov.f32 c16, 0f00000000; mov.f32 c17, 0f00000000; mov.f32 c18, 0f00000000; mov.f32 c19, 0f00000000; " +
        "mov.f32 c20, 0f00000000; mov.f32 c21, 0f00000000; mov.f32 c22, 0f00000000; mov.f32 c23, 0f00000000; " +
        "mov.f32 c24, 0f00000000; mov.f32 c25, 0f00000000; mov.f32 c26, 0f00000000; mov.f32 c27, 0f00000000; " +
        "mov.f32 c28, 0f00000000; mov.f32 c29, 0f00000000; mov.f32 c30, 0f00000000; mov.f32 c31, 0f00000000; " +
        "mov.f32 c32, 0f00000000; mov.f32 c33, 0f00000000; mov.f32 c34, 0f00000000; mov.f32 c35, 0f00000000; " +
        "mov.f32 c36, 0f00000000; mov.f32 c37, 0f00000000; mov.f32 c38, 0f00000000; mov.f32 c39, 0f00000000; " +
        "mov.f32 c40, 0f00000000; mov.f32 c41, 0f00000000; mov.f32 c42, 0f00000000; mov.f32 c43, 0f00000000; " +
        "mov.f32 c44, 0f00000000; mov.f32 c45, 0f00000000; mov.f32 c46, 0f00000000; mov.f32 c47, 0f00000000; " +
        "mov.f32 c48, 0f00000000; mov.f32 c49, 0f00000000; mov.f32 c50, 0f00000000; mov.f32 c51, 0f00000000; " +
        "mov.f32 c52, 0f00000000; mov.f32 c53, 0f00000000; mov.f32 c54, 0f00000000; mov.f32 c55, 0f00000000; " +
        "mov.f32 c56, 0f00000000; mov.f32 c57, 0f00000000; mov.f32 c58, 0f00000000; mov.f32 c59, 0f00000000; " +
        "mov.f32 c60, 0f00000000; mov.f32 c61, 0f00000000; mov.f32 c62, 0f00000000; mov.f32 c63, 0f00000000; " +
        "mov.f32 c64, 0f00000000; mov.f32 c65, 0f00000000; mov.f32 c66, 0f00000000; mov.f32 c67, 0f00000000; " +
        "mov.f32 c68, 0f00000000; mov.f32 c69, 0f00000000; mov.f32 c70, 0f00000000; mov.f32 c71, 0f00000000; " +
        "mov.f32 c72, 0f00000000; mov.f32 c73, 0f00000000; mov.f32 c74, 0f00000000; mov.f32 c75, 0f00000000; " +
        "mov.f32 c76, 0f00000000; mov.f32 c77, 0f00000000; mov.f32 c78, 0f00000000; mov.f32 c79, 0f00000000; " +
        "mov.f32 c80, 0f00000000; mov.f32 c81, 0f00000000; mov.f32 c82, 0f00000000; mov.f32 c83, 0f00000000; " +
        "mov.f32 c84, 0f00000000; mov.f32 c85, 0f00000000; mov.f32 c86, 0f00000000; mov.f32 c87, 0f00000000; " +
        "mov.f32 c88, 0f00000000; mov.f32 c89, 0f00000000; mov.f32 c90, 0f00000000; mov.f32 c91, 0f00000000; " +
        "mov.f32 c92, 0f00000000; mov.f32 c93, 0f00000000; mov.f32 c94, 0f00000000; mov.f32 c95, 0f00000000; " +
        "mov.f32 c96, 0f00000000; mov.f32 c97, 0f00000000; mov.f32 c98, 0f00000000; mov.f32 c99, 0f00000000; " +
        "mov.f32 c100, 0f00000000; mov.f32 c101, 0f00000000; mov.f32 c102, 0f00000000; mov.f32 c103, 0f00000000; " +
        "mov.f32 c104, 0f00000000; mov.f32 c105, 0f00000000; mov.f32 c106, 0f00000000; mov.f32 c107, 0f00000000; " +
        "mov.f32 c108, 0f00000000; mov.f32 c109, 0f00000000; mov.f32 c110, 0f00000000; mov.f32 c111, 0f00000000; " +
        "mov.f32 c112, 0f00000000; mov.f32 c113, 0f00000000; mov.f32 c114, 0f00000000; mov.f32 c115, 0f00000000; " +
        "mov.f32 c116, 0f00000000; mov.f32 c117, 0f00000000; mov.f32 c118, 0f00000000; mov.f32 c119, 0f00000000; " +
        "mov.f32 c120, 0f00000000; mov.f32 c121, 0f00000000; mov.f32 c122, 0f00000000; mov.f32 c123, 0f00000000; " +
        "mov.f32 c124, 0f00000000; mov.f32 c125, 0f00000000; mov.f32 c126, 0f00000000; mov.f32 c127, 0f00000000; ";

    /// <summary>Writes the warp's sums to shared memory from the thread's place on; rows are <see cref="TensorCoreTile.ResultStride"/> floats apart.</summary>
    public const string Store =
        "st.shared.v2.f32 [to+0], {c0,c1}; st.shared.v2.f32 [to+32], {c4,c5};" +
        "st.shared.v2.f32 [to+64], {c8,c9}; st.shared.v2.f32 [to+96], {c12,c13};" +
        "st.shared.v2.f32 [to+128], {c16,c17}; st.shared.v2.f32 [to+160], {c20,c21};" +
        "st.shared.v2.f32 [to+192], {c24,c25}; st.shared.v2.f32 [to+224], {c28,c29};" +
        "st.shared.v2.f32 [to+4352], {c2,c3}; st.shared.v2.f32 [to+4384], {c6,c7};" +
        "st.shared.v2.f32 [to+4416], {c10,c11}; st.shared.v2.f32 [to+4448], {c14,c15};" +
        "st.shared.v2.f32 [to+4480], {c18,c19}; st.shared.v2.f32 [to+4512], {c22,c23};" +
        "st.shared.v2.f32 [to+4544], {c26,c27}; st.shared.v2.f32 [to+4576], {c30,c31};" +
        "st.shared.v2.f32 [to+8704], {c32,c33}; st.shared.v2.f32 [to+8736], {c36,c37};" +
        "st.shared.v2.f32 [to+8768], {c40,c41}; st.shared.v2.f32 [to+8800], {c44,c45};" +
        "st.shared.v2.f32 [to+8832], {c48,c49}; st.shared.v2.f32 [to+8864], {c52,c53};" +
        "st.shared.v2.f32 [to+8896], {c56,c57}; st.shared.v2.f32 [to+8928], {c60,c61};" +
        "st.shared.v2.f32 [to+13056], {c34,c35}; st.shared.v2.f32 [to+13088], {c38,c39};" +
        "st.shared.v2.f32 [to+13120], {c42,c43}; st.shared.v2.f32 [to+13152], {c46,c47};" +
        "st.shared.v2.f32 [to+13184], {c50,c51}; st.shared.v2.f32 [to+13216], {c54,c55};" +
        "st.shared.v2.f32 [to+13248], {c58,c59}; st.shared.v2.f32 [to+13280], {c62,c63};" +
        "st.shared.v2.f32 [to+17408], {c64,c65}; st.shared.v2.f32 [to+17440], {c68,c69};" +
        "st.shared.v2.f32 [to+17472], {c72,c73}; st.shared.v2.f32 [to+17504], {c76,c77};" +
        "st.shared.v2.f32 [to+17536], {c80,c81}; st.shared.v2.f32 [to+17568], {c84,c85};" +
        "st.shared.v2.f32 [to+17600], {c88,c89}; st.shared.v2.f32 [to+17632], {c92,c93};" +
        "st.shared.v2.f32 [to+21760], {c66,c67}; st.shared.v2.f32 [to+21792], {c70,c71};" +
        "st.shared.v2.f32 [to+21824], {c74,c75}; st.shared.v2.f32 [to+21856], {c78,c79};" +
        "st.shared.v2.f32 [to+21888], {c82,c83}; st.shared.v2.f32 [to+21920], {c86,c87};" +
        "st.shared.v2.f32 [to+21952], {c90,c91}; st.shared.v2.f32 [to+21984], {c94,c95};" +
        "st.shared.v2.f32 [to+26112], {c96,c97}; st.shared.v2.f32 [to+26144], {c100,c101};" +
        "st.shared.v2.f32 [to+26176], {c104,c105}; st.shared.v2.f32 [to+26208], {c108,c109};" +
        "st.shared.v2.f32 [to+26240], {c112,c113}; st.shared.v2.f32 [to+26272], {c116,c117};" +
        "st.shared.v2.f32 [to+26304], {c120,c121}; st.shared.v2.f32 [to+26336], {c124,c125};" +
        "st.shared.v2.f32 [to+30464], {c98,c99}; st.shared.v2.f32 [to+30496], {c102,c103};" +
        "st.shared.v2.f32 [to+30528], {c106,c107}; st.shared.v2.f32 [to+30560], {c110,c111};" +
        "st.shared.v2.f32 [to+30592], {c114,c115}; st.shared.v2.f32 [to+30624], {c118,c119};" +
        "st.shared.v2.f32 [to+30656], {c122,c123}; st.shared.v2.f32 [to+30688], {c126,c127};";

    private const string AsTf32 = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 ";
    private const string AsBFloat16 = "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 ";

    private const string Tile00 = "{c0,c1,c2,c3}, {a0,a1,a2,a3}, {b0,b1}, {c0,c1,c2,c3}; ";
    private const string Tile01 = "{c4,c5,c6,c7}, {a0,a1,a2,a3}, {b2,b3}, {c4,c5,c6,c7}; ";
    private const string Tile02 = "{c8,c9,c10,c11}, {a0,a1,a2,a3}, {b4,b5}, {c8,c9,c10,c11}; ";
    private const string Tile03 = "{c12,c13,c14,c15}, {a0,a1,a2,a3}, {b6,b7}, {c12,c13,c14,c15}; ";
    private const string Tile04 = "{c16,c17,c18,c19}, {a0,a1,a2,a3}, {b8,b9}, {c16,c17,c18,c19}; ";
    private const string Tile05 = "{c20,c21,c22,c23}, {a0,a1,a2,a3}, {b10,b11}, {c20,c21,c22,c23}; ";
    private const string Tile06 = "{c24,c25,c26,c27}, {a0,a1,a2,a3}, {b12,b13}, {c24,c25,c26,c27}; ";
    private const string Tile07 = "{c28,c29,c30,c31}, {a0,a1,a2,a3}, {b14,b15}, {c28,c29,c30,c31}; ";
    private const string Tile10 = "{c32,c33,c34,c35}, {a4,a5,a6,a7}, {b0,b1}, {c32,c33,c34,c35}; ";
    private const string Tile11 = "{c36,c37,c38,c39}, {a4,a5,a6,a7}, {b2,b3}, {c36,c37,c38,c39}; ";
    private const string Tile12 = "{c40,c41,c42,c43}, {a4,a5,a6,a7}, {b4,b5}, {c40,c41,c42,c43}; ";
    private const string Tile13 = "{c44,c45,c46,c47}, {a4,a5,a6,a7}, {b6,b7}, {c44,c45,c46,c47}; ";
    private const string Tile14 = "{c48,c49,c50,c51}, {a4,a5,a6,a7}, {b8,b9}, {c48,c49,c50,c51}; ";
    private const string Tile15 = "{c52,c53,c54,c55}, {a4,a5,a6,a7}, {b10,b11}, {c52,c53,c54,c55}; ";
    private const string Tile16 = "{c56,c57,c58,c59}, {a4,a5,a6,a7}, {b12,b13}, {c56,c57,c58,c59}; ";
    private const string Tile17 = "{c60,c61,c62,c63}, {a4,a5,a6,a7}, {b14,b15}, {c60,c61,c62,c63}; ";
    private const string Tile20 = "{c64,c65,c66,c67}, {a8,a9,a10,a11}, {b0,b1}, {c64,c65,c66,c67}; ";
    private const string Tile21 = "{c68,c69,c70,c71}, {a8,a9,a10,a11}, {b2,b3}, {c68,c69,c70,c71}; ";
    private const string Tile22 = "{c72,c73,c74,c75}, {a8,a9,a10,a11}, {b4,b5}, {c72,c73,c74,c75}; ";
    private const string Tile23 = "{c76,c77,c78,c79}, {a8,a9,a10,a11}, {b6,b7}, {c76,c77,c78,c79}; ";
    private const string Tile24 = "{c80,c81,c82,c83}, {a8,a9,a10,a11}, {b8,b9}, {c80,c81,c82,c83}; ";
    private const string Tile25 = "{c84,c85,c86,c87}, {a8,a9,a10,a11}, {b10,b11}, {c84,c85,c86,c87}; ";
    private const string Tile26 = "{c88,c89,c90,c91}, {a8,a9,a10,a11}, {b12,b13}, {c88,c89,c90,c91}; ";
    private const string Tile27 = "{c92,c93,c94,c95}, {a8,a9,a10,a11}, {b14,b15}, {c92,c93,c94,c95}; ";
    private const string Tile30 = "{c96,c97,c98,c99}, {a12,a13,a14,a15}, {b0,b1}, {c96,c97,c98,c99}; ";
    private const string Tile31 = "{c100,c101,c102,c103}, {a12,a13,a14,a15}, {b2,b3}, {c100,c101,c102,c103}; ";
    private const string Tile32 = "{c104,c105,c106,c107}, {a12,a13,a14,a15}, {b4,b5}, {c104,c105,c106,c107}; ";
    private const string Tile33 = "{c108,c109,c110,c111}, {a12,a13,a14,a15}, {b6,b7}, {c108,c109,c110,c111}; ";
    private const string Tile34 = "{c112,c113,c114,c115}, {a12,a13,a14,a15}, {b8,b9}, {c112,c113,c114,c115}; ";
    private const string Tile35 = "{c116,c117,c118,c119}, {a12,a13,a14,a15}, {b10,b11}, {c116,c117,c118,c119}; ";
    private const string Tile36 = "{c120,c121,c122,c123}, {a12,a13,a14,a15}, {b12,b13}, {c120,c121,c122,c123}; ";
    private const string Tile37 = "{c124,c125,c126,c127}, {a12,a13,a14,a15}, {b14,b15}, {c124,c125,c126,c127}; ";
}
