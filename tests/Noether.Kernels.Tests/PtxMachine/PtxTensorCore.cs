namespace Noether.Kernels.Tests;

/// <summary><c>D = A·B + C</c> of a warp, A [16, k] and B [k, 8] in tf32 or bfloat16, C and D [16, 8] in float32, by the layouts that the PTX manual gives.</summary>
/// <remarks>
/// Lane t has g = t / 4 and i = t mod 4. C in four registers: rows g, g, g + 8, g + 8 and columns 2i, 2i + 1, 2i, 2i + 1. A tf32 a register: of A rows g and
/// g + 8 by turns at depth i, then at i + 4; of B depths i and i + 4, column g. Two bfloat16 a register, the lower half first: of A rows g and g + 8 by turns
/// at depths 2i and 2i + 1, then 8 further; of B depths 2i and 2i + 1, then 8 further, column g.
/// </remarks>
internal static class PtxTensorCore
{
    private const int Rows = 16, Columns = 8;

    /// <summary>True if the shape is known and vectors D, A, B and C have the lengths that it needs.</summary>
    public static bool Takes(string mode, int[] lengths) =>
        Shape(mode) is var (depth, width) && lengths is [4, _, _, 4] && lengths[1] == depth / width / 2 && lengths[2] == depth / width / 4;

    /// <summary>Multiplies: terms are summed in float64 and rounded once.</summary>
    public static void Multiply(PtxInstruction x, Span<PtxThread> lanes)
    {
        var (depth, width) = Shape(x.Mode)!.Value;
        int left = depth / width / 2, right = depth / width / 4; // registers
        var a = new double[Rows, depth];
        var b = new double[depth, Columns];
        for (var t = 0; t < lanes.Length; t++)
        {
            var (g, i) = (t / 4, t % 4);
            var r = lanes[t].Registers;
            for (var n = 0; n < left; n++)
            {
                for (var half = 0; half < width; half++) a[g + 8 * (n % 2), Depth(n / 2, i, half)] = Value(r[x.Sources[n]], half);
            }

            for (var n = 0; n < right; n++)
            {
                for (var half = 0; half < width; half++) b[Depth(n, i, half), g] = Value(r[x.Sources[left + n]], half);
            }
        }

        Span<ulong> results = stackalloc ulong[4];
        for (var t = 0; t < lanes.Length; t++)
        {
            var (g, i) = (t / 4, t % 4);
            var r = lanes[t].Registers;
            for (var n = 0; n < 4; n++)
            {
                double sum = PtxBits.As<float>(r[x.Sources[left + right + n]]);
                for (var k = 0; k < depth; k++) sum += a[g + 8 * (n / 2), k] * b[k, 2 * i + n % 2];
                results[n] = PtxBits.Bits((float)sum);
            }

            for (var n = 0; n < 4; n++) r[x.Destinations[n]] = results[n];
        }

        int Depth(int n, int i, int half) => 4 * width * n + width * i + half;

        double Value(ulong bits, int half) => width == 1 ? PtxBits.TensorFloat32(bits) : PtxBits.BFloat16((ushort)(bits >> 16 * half));
    }

    // The depth, and the values of a register.
    private static (int Depth, int Width)? Shape(string mode) => mode switch
    {
        "m16n8k4.row.col.f32.tf32.tf32.f32" => (4, 1),
        "m16n8k8.row.col.f32.tf32.tf32.f32" => (8, 1),
        "m16n8k8.row.col.f32.bf16.bf16.f32" => (8, 2),
        "m16n8k16.row.col.f32.bf16.bf16.f32" => (16, 2),
        _ => null,
    };
}
