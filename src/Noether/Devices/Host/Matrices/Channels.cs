using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>Products over the channels of small matrices, many of them: the two directions of a linear layer on weights.</summary>
/// <remarks>
/// Layout:   [batch, channels, rows · columns], so that the channels of one batch index are a matrix as it lies, and nothing is transposed.
/// Mix:      a product for each batch index, added to its row and column terms, which are written where the product finds them in L2.
/// Outer:    products accumulated over the batch. A small result has a sum for each of a few parts of the batch, so that each thread reads its own
///           operands and every product is whole; a large one is cut by rows. Which, and the order of summation, depend on the shape alone.
/// Limit:    that of <see cref="Gemm"/> from some dozen channels on; below, one read of x and one write of y.
/// </remarks>
internal static unsafe class Channels
{
    // Fewer rows of a product than this spend their time on copies of the other operand.
    private const int LeastRows = 24;

    private const long WorthSharing = 50_000;

    // Of the batch, where the result is small: it is written once for each.
    private const int Parts = 8;
    private const long SmallBytes = 256 << 10;

    /// <summary>y[b, o, j, k] = Σ_c w[o, c] x[b, c, j, k] + r[b, o, j] + q[b, o, k].</summary>
    public static void Mix<T>(T* w, T* x, T* r, T* q, T* y, int batch, int inputs, int outputs, int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var body = new MixBody<T>(w, x, r, q, y, inputs, outputs, rows, columns);
        if (batch >= WorkerPool.Shared.Threads && (long)batch * outputs * rows * columns * (inputs + 1) >= WorthSharing)
            WorkerPool.Shared.For(batch, body);
        else
            for (var b = 0; b < batch; b++)
                body.Invoke(b); // a product large enough is shared inside
    }

    /// <summary>w[o, c] = Σ_b Σ_i g[b, o, i] x[b, c, i].</summary>
    public static void Outer<T>(T* g, T* x, T* w, int batch, int outputs, int inputs, int positions)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var isWorthSharing = (long)batch * outputs * inputs * positions >= WorthSharing;
        if (isWorthSharing && batch > 1 && (long)outputs * inputs * sizeof(T) <= SmallBytes)
        {
            OuterByParts(g, x, w, batch, outputs, inputs, positions);
            return;
        }

        var threads = WorkerPool.Shared.Threads;
        var each = Math.Max(LeastRows, (outputs + 2 * threads - 1) / (2 * threads));
        var body = new OuterBody<T>(g, x, w, batch, outputs, inputs, positions, each);
        var tasks = (outputs + each - 1) / each;
        if (isWorthSharing)
            WorkerPool.Shared.For(tasks, body);
        else
            for (var task = 0; task < tasks; task++)
                body.Invoke(task);
    }

    private static void OuterByParts<T>(T* g, T* x, T* w, int batch, int outputs, int inputs, int positions)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var parts = Math.Min(Parts, batch);
        var size = outputs * inputs;
        using var scratch = Workspace.Rent<T>((long)parts * size);
        WorkerPool.Shared.For(parts, new PartBody<T>(g, x, scratch.As<T>(), batch, outputs, inputs, positions, parts));
        Fold.Reduce<SumFold, T>(scratch.As<T>(), w, 1, parts, size);
    }

    private readonly struct MixBody<T>(T* w, T* x, T* r, T* q, T* y, int inputs, int outputs, int rows, int columns) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int b)
        {
            var positions = rows * columns;
            var to = y + (long)b * outputs * positions;
            for (var o = 0; o < outputs; o++)
                for (var j = 0; j < rows; j++)
                    Start(to + ((long)o * rows + j) * columns, q + ((long)b * outputs + o) * columns, r[((long)b * outputs + o) * rows + j], columns);
            Gemm.Multiply(w, inputs, 1, x + (long)b * inputs * positions, positions, 1, to, positions, outputs, positions, inputs, accumulate: true);
        }

        private static void Start(T* to, T* from, T add, int count)
        {
            var i = 0;
            for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
                (Vector.Load(from + i) + new Vector<T>(add)).Store(to + i);
            for (; i < count; i++)
                to[i] = from[i] + add;
        }
    }

    private readonly struct OuterBody<T>(T* g, T* x, T* w, int batch, int outputs, int inputs, int positions, int each) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int task)
        {
            int first = task * each, rows = Math.Min(each, outputs - first);
            var to = w + (long)first * inputs;
            if (batch == 0)
                new Span<T>(to, rows * inputs).Clear();
            for (long b = 0; b < batch; b++)
                Gemm.Multiply(
                    g + (b * outputs + first) * positions, positions, 1, x + b * inputs * positions, 1, positions, to, inputs, rows, inputs, positions, accumulate: b > 0);
        }
    }

    private readonly struct PartBody<T>(T* g, T* x, T* sums, int batch, int outputs, int inputs, int positions, int parts) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(int part)
        {
            long first = (long)batch * part / parts, end = (long)batch * (part + 1) / parts;
            var to = sums + (long)part * outputs * inputs;
            for (var b = first; b < end; b++)
                Gemm.Multiply(
                    g + b * outputs * positions, positions, 1, x + b * inputs * positions, 1, positions, to, inputs, outputs, inputs, positions, accumulate: b > first);
        }
    }
}
