namespace Noether.Devices.Host;

/// <summary>Singular values of an upper bidiagonal matrix, by implicit QR with shift; the rotations of both sides are written down.</summary>
/// <remarks>
/// Golub and Reinsch (1970) in LINPACK's form (Dongarra et al. 1979, dsvdc). About two steps a value and a rotation a side, row and step. A side's entry counts
/// as zero below 2⁻⁵² of its two neighbours on the diagonal, so small values keep what accuracy the matrix gives them.
/// </remarks>
/// <param name="s">The diagonal, and in the end the singular values, of any sign and in no order.</param>
/// <param name="e">The entries right of the diagonal, then 0.</param>
/// <param name="left">Takes the rotations of Uᵀ's rows; null if vectors are not asked for.</param>
/// <param name="right">Takes those of Vᵀ's.</param>
internal sealed unsafe class BidiagonalIteration(double* s, double* e, Rotations? left, Rotations? right)
{
    private const int MostSteps = 60; // a value

    private const double Precision = 2.220446049250313e-16; // 2⁻⁵²
    private const double Tiny = 1.6033346880071782e-291; // 2⁻⁹⁶⁶

    /// <summary>Makes the matrix diagonal; false if that does not end.</summary>
    public bool Run(int n)
    {
        var steps = 0;
        for (var end = n; end > 1;)
        {
            // The block that ends at `end` begins after the last side entry that is as good as zero.
            var begin = end - 1;
            for (; begin > 0; begin--)
            {
                if (Math.Abs(e[begin - 1]) > Tiny + Precision * (Math.Abs(s[begin - 1]) + Math.Abs(s[begin]))) continue;
                e[begin - 1] = 0;
                break;
            }

            if (begin == end - 1)
            {
                end--;
                steps = 0;
                continue;
            }

            if (steps++ == MostSteps) return false;
            var zero = end - 1;
            for (; zero >= begin; zero--)
            {
                var beside = (zero < end - 1 ? Math.Abs(e[zero]) : 0) + (zero > begin ? Math.Abs(e[zero - 1]) : 0);
                if (Math.Abs(s[zero]) > Tiny + Precision * beside) continue;
                s[zero] = 0;
                break;
            }

            if (zero < begin) Step(begin, end);
            else if (zero == end - 1) ClearColumn(begin, end);
            else ClearRow(zero, end);
        }

        left?.Finish();
        right?.Finish();
        return true;
    }

    // The last value is zero: rotations of columns move the entry above it out of the block.
    private void ClearColumn(int begin, int end)
    {
        var f = e[end - 2];
        e[end - 2] = 0;
        for (var j = end - 2; j >= begin; j--)
        {
            var (cosine, sine, length) = Turn(s[j], f);
            s[j] = length;
            if (j > begin)
            {
                f = -sine * e[j - 1];
                e[j - 1] *= cosine;
            }

            right?.Add(j, end - 1, cosine, sine);
        }
    }

    // A value inside is zero: rotations of rows move the entry beside it out of the block.
    private void ClearRow(int zero, int end)
    {
        var f = e[zero];
        e[zero] = 0;
        for (var j = zero + 1; j < end; j++)
        {
            var (cosine, sine, length) = Turn(s[j], f);
            s[j] = length;
            f = -sine * e[j];
            e[j] *= cosine;
            left?.Add(j, zero, cosine, sine);
        }
    }

    // One QR step, shifted by the eigenvalue of BᵀB's last corner that is nearer to its last entry.
    private void Step(int begin, int end)
    {
        var scale = Math.Max(Math.Max(Math.Max(Math.Abs(s[end - 1]), Math.Abs(s[end - 2])), Math.Abs(e[end - 2])), Math.Max(Math.Abs(s[begin]), Math.Abs(e[begin])));
        double last = s[end - 1] / scale, before = s[end - 2] / scale, above = e[end - 2] / scale, top = s[begin] / scale, side = e[begin] / scale;
        var b = ((before + last) * (before - last) + above * above) / 2;
        var c = last * above * (last * above);
        double shift = 0;
        if (b != 0 || c != 0) shift = c / (b + Math.CopySign(Math.Sqrt(b * b + c), b));
        var f = (top + last) * (top - last) + shift;
        var g = top * side;
        for (var j = begin; j < end - 1; j++)
        {
            var (cosine, sine, length) = Turn(f, g);
            if (j > begin) e[j - 1] = length;
            f = cosine * s[j] + sine * e[j];
            e[j] = cosine * e[j] - sine * s[j];
            g = sine * s[j + 1];
            s[j + 1] *= cosine;
            right?.Add(j, j + 1, cosine, sine);

            (cosine, sine, length) = Turn(f, g);
            s[j] = length;
            f = cosine * e[j] + sine * s[j + 1];
            s[j + 1] = cosine * s[j + 1] - sine * e[j];
            g = sine * e[j + 1];
            e[j + 1] *= cosine;
            left?.Add(j, j + 1, cosine, sine);
        }

        e[end - 2] = f;
    }

    private static (double Cosine, double Sine, double Length) Turn(double f, double g)
    {
        var length = Math.Sqrt(f * f + g * g);
        if (length < 1e-140) length = Hypotenuse(f, g); // squares would underflow
        return length == 0 ? (1, 0, 0) : (f / length, g / length, length);
    }

    private static double Hypotenuse(double f, double g)
    {
        var largest = Math.Max(Math.Abs(f), Math.Abs(g));
        if (largest == 0) return 0;
        (f, g) = (f / largest, g / largest);
        return largest * Math.Sqrt(f * f + g * g);
    }
}
