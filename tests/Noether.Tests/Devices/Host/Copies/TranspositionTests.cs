using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class TranspositionTests
{
    [Test]
    public void Rows_become_columns([Values(0, 1, 3, 4, 8, 9, 16, 35)] int rows, [Values(0, 1, 2, 4, 7, 12, 16, 37)] int columns, [Values(0, 1)] int gap)
    {
        Check<float>(rows, columns, rows + gap);
        Check<double>(rows, columns, rows + gap);
        Check<long>(rows, columns, rows + gap);
    }

    private static void Check<T>(int rows, int columns, int row)
        where T : unmanaged, INumber<T>
    {
        using var x = new Native<T>(rows * (columns + 2), new Random(3));
        using var y = new Native<T>(columns * row);
        Transposition.Run(x.Pointer, columns + 2, y.Pointer, row, rows, columns);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                Assert.That(y[j * row + i], Is.EqualTo(x[i * (columns + 2) + j]));
    }
}
