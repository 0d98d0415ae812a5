using System.Reflection;
using Noether.Bench.Peers;
using TorchSharp;

namespace Noether.Bench.Cases
{
    internal abstract partial class Peer
    {
        static partial void Create(ref Peer? peer) => peer = new TorchPeer();
    }
}

namespace Noether.Bench.Peers
{
    /// <summary>libtorch's CPU build through TorchSharp.</summary>
    internal sealed class TorchPeer : Cases.Peer
    {
        public override string Name { get; } =
            $"TorchSharp {typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}, libtorch {torch.__version__}";

        public override int Threads
        {
            get => torch.get_num_threads();
            set => torch.set_num_threads(value);
        }

        public override Cases.Subject Prepare(Cases.Case what) => new TorchSubject(what);
    }
}
