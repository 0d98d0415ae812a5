using System.Numerics;
using Noether.Devices.Host;

namespace Noether.Tests.Devices.Host;

public unsafe class TranspositionTests
{
    [Test]
    public void Rows_become_columns([Values(0, 1, 3, 4, 9, 16)] int rows, [Values(0, 1, 2, 4, 7, 12)] int columns)
    {
        Check<float>(rows, columns);
        Check<double>(rows, columns);
        Check<long>(rows, columns);
    }

    private static void Check<T>(int rows, int columns)
        where T : unmanaged, INumber<T>
    {
        using var x = new Native<T>(rows * (columns + 2), new Random(3));
        using var y = new Native<T>(columns * (rows + 1));
        Transposition.Run(x.Pointer, columns + 2, y.Pointer, rows + 1, rows, columns);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                Assert.That(y[j * (rows + 1) + i], Is.EqualTo(x[i * (columns + 2) + j]));
    }
}
