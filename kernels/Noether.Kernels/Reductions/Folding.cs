namespace Noether.Kernels.Reductions;

/// <summary>The loop of all folds. Inside kernels only.</summary>
internal static class Folding<TFold, T, TJoin, TWalk>
    where TFold : struct, IFold<TFold, T>
    where T : unmanaged
    where TJoin : struct, IGroupJoin
    where TWalk : struct, IWalk
{
    /// <summary>The partial of a line's part, given to each of its threads; <paramref name="empty"/> if it has no elements.</summary>
    public static T Run(TFold fold, FoldPart part, FoldSizes sizes, T empty)
    {
        var partial = sizes.Packed != 0 ? Fours(fold, part, sizes, empty) : Ones(fold, part, sizes, empty);
        return TJoin.Join<TFold, T>(partial, sizes.Width, sizes.Height, part.Active);
    }

    // Four loads are under way at once. No operator needs a neutral element: an idle thread's value is never joined.
    private static T Ones(TFold fold, FoldPart part, FoldSizes sizes, T partial)
    {
        if (part.Position < part.End)
        {
            partial = TFold.At(fold, part.Address, part.Position);
            part = TWalk.Next(part, sizes);
        }

        while (part.Position + 3 * sizes.Height < part.End)
        {
            var second = TWalk.Next(part, sizes);
            var third = TWalk.Next(second, sizes);
            var fourth = TWalk.Next(third, sizes);
            var a = TFold.At(fold, part.Address, part.Position);
            var b = TFold.At(fold, second.Address, second.Position);
            var c = TFold.At(fold, third.Address, third.Position);
            var d = TFold.At(fold, fourth.Address, fourth.Position);
            partial = TFold.Join(partial, TFold.Join(TFold.Join(a, b), TFold.Join(c, d)));
            part = TWalk.Next(fourth, sizes);
        }

        while (part.Position < part.End)
        {
            partial = TFold.Join(partial, TFold.At(fold, part.Address, part.Position));
            part = TWalk.Next(part, sizes);
        }

        return partial;
    }

    private static T Fours(TFold fold, FoldPart part, FoldSizes sizes, T partial)
    {
        if (part.Position < part.End)
        {
            partial = TFold.AtFour(fold, part.Address, 4 * part.Position);
            part = TWalk.Next(part, sizes);
        }

        while (part.Position + sizes.Height < part.End)
        {
            var second = TWalk.Next(part, sizes);
            var a = TFold.AtFour(fold, part.Address, 4 * part.Position);
            var b = TFold.AtFour(fold, second.Address, 4 * second.Position);
            partial = TFold.Join(partial, TFold.Join(a, b));
            part = TWalk.Next(second, sizes);
        }

        if (part.Position < part.End) partial = TFold.Join(partial, TFold.AtFour(fold, part.Address, 4 * part.Position));
        return partial;
    }
}
