using System.Numerics;

namespace Noether.Kernels.Channels;

/// <summary>A mixing of channels by its definition.</summary>
public static class ChannelMixReference
{
    /// <summary>y [batch, outputs, rows, columns], the sums in double; operands begin where their spans do.</summary>
    public static double[] Of<T>(ReadOnlySpan<T> w, ReadOnlySpan<T> x, ReadOnlySpan<T> rows, ReadOnlySpan<T> columns, in ChannelMixSizes sizes)
        where T : unmanaged, INumber<T>
    {
        var points = sizes.Rows * sizes.Columns;
        var y = new double[sizes.Batch * sizes.Outputs * points];
        for (var at = 0; at < y.Length; at++)
        {
            int channel = at / points, point = at % points, batch = channel / sizes.Outputs, output = channel % sizes.Outputs;
            y[at] = double.CreateChecked(rows[channel * sizes.Rows + point / sizes.Columns]) + double.CreateChecked(columns[channel * sizes.Columns + point % sizes.Columns]);
            for (var c = 0; c < sizes.Inputs; c++)
                y[at] += double.CreateChecked(w[output * sizes.Inputs + c]) * double.CreateChecked(x[(batch * sizes.Inputs + c) * points + point]);
        }

        return y;
    }
}
