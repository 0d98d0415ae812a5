using Noether.Kernels.Spectral;

namespace Noether.Kernels.Tests.Spectral;

public class UnitRootTests
{
    [Test]
    public void Roots_are_those_of_the_library_and_exact_where_they_can_be([Values(1, 2, 3, 4, 6, 7, 8, 12, 100, 1009)] int n)
    {
        for (var k = 0; k < 2 * n; k++)
        {
            var (c, s) = UnitRoot.At(k, n);
            Assert.That(c, Is.EqualTo(Math.Cos(2 * Math.PI * (k % n) / n)).Within(2e-15)); // the library's angle is rounded near 2π
            Assert.That(s, Is.EqualTo(Math.Sin(2 * Math.PI * (k % n) / n)).Within(2e-15));
            if (4 * k % n == 0)
                Assert.That(Math.Abs(c) + Math.Abs(s), Is.EqualTo(1));
        }
    }
}
