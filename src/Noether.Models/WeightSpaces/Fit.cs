namespace Noether.Models.WeightSpaces;

/// <summary>Whether features are of the kind that a module was made for.</summary>
internal static class Fit
{
    /// <summary>Throws unless the channels, the filters and, where asked, the input and output neurons are the expected ones; hidden widths are free.</summary>
    public static void Check(string operation, WeightSpec spec, int channels, WeightFeatures x, bool ends)
    {
        ArgumentNullException.ThrowIfNull(x);
        Check(operation, spec, x, ends);
        if (x.Channels != channels) throw new ShapeException($"{operation}: made for {channels} channels, not the {x.Channels} of {x.Spec}");
    }

    /// <summary>The same whatever the channels.</summary>
    public static void Check(string operation, WeightSpec spec, WeightFeatures x, bool ends)
    {
        if (!x.Spec.Filters.SequenceEqual(spec.Filters) || ends && (x.Spec.Widths[0] != spec.Widths[0] || x.Spec.Widths[^1] != spec.Widths[^1]))
            throw new ShapeException($"{operation}: made for networks {spec}, not {x.Spec}");
    }

    /// <summary>The sizes themselves, if there are hidden neurons to permute.</summary>
    /// <exception cref="ArgumentException">There is one layer only.</exception>
    public static WeightSpec Hidden(string operation, WeightSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Layers > 1
            ? spec
            : throw new ArgumentException($"{operation}: {spec} has no hidden neurons, so permutations of them leave every map as it is; use a dense layer on its vectors", nameof(spec));
    }
}
