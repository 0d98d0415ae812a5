using Noether.Devices;
using Noether.Primitives;

namespace Noether;

public abstract partial class Device
{
    /// <summary>Takes matrices apart: x is contiguous [batch…, m, n], the outputs are what <paramref name="kind"/> says. By default on the host.</summary>
    internal virtual void Factorise(Factorisation kind, View x, View[] y) =>
        OnHost([x], y, (a, b) => Host.Factorise(kind, a[0], b));

    /// <summary>Solves triangular systems: a is contiguous [batch…, n, n], b and y [batch…, n, k]. By default on the host.</summary>
    internal virtual void SolveTriangular(TriangularSolve system, View a, View b, View y) =>
        OnHost([a, b], [y], (x, z) => Host.SolveTriangular(system, x[0], x[1], z[0]));

    // Factorisations are chains of small dependent steps, which processors do well: the way there and back is the smaller cost.
    private unsafe void OnHost(View[] x, View[] y, Action<View[], View[]> work)
    {
        var inputs = Array.ConvertAll(x, view => Host.NewView(view.Shape, view.Type));
        var outputs = Array.ConvertAll(y, view => Host.NewView(view.Shape, view.Type));
        for (var i = 0; i < x.Length; i++) Download(x[i].Storage, x[i].Layout.Offset * x[i].Type.Bytes(), Bytes(inputs[i]));
        work(inputs, outputs);
        for (var i = 0; i < y.Length; i++) Upload(Bytes(outputs[i]), y[i].Storage);
        foreach (var view in (View[])[.. inputs, .. outputs]) view.Storage.Release();

        static Span<byte> Bytes(View view) => new((void*)view.Storage.Handle, checked((int)(view.Size * view.Type.Bytes())));
    }
}
