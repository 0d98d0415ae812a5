using Noether.Nn;

namespace Noether.Models.LossLandscapes;

/// <summary>Where a module's tensors keep their outputs. Rank does not say: transposed convolutions have them second.</summary>
public static class FilterAxes
{
    /// <summary>The axis that counts filters, by the name of a tensor.</summary>
    /// <param name="module">The module; parts of composites are looked through.</param>
    public static Func<string, int> Of(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var second = new HashSet<string>();
        Visit("", module);
        return name => second.Contains(name) ? 1 : 0;

        void Visit(string prefix, Module part)
        {
            if (part is TransposedConvolution) second.Add(prefix + "weight"); // [inputs, outputs, kernel…]
            if (part is not CompositeModule composite) return;
            foreach (var (name, child) in composite.Children) Visit($"{prefix}{name}.", child);
        }
    }
}
