using Noether.Models.LossLandscapes;

namespace Noether.Examples.LossLandscape;

/// <summary>The command line: a verb for each way to look at a loss.</summary>
internal static class LossLandscapeApp
{
    public const string Description = "Draws the loss of a network over planes and lines through its weights: trains the network, or takes its weights from a file. Without a verb: surface.";

    private const string Automatic = "auto";

    public static void Configure(ExampleApp app)
    {
        AddSurface(app);
        AddTrain(app.Verb("train", "Trains a network, and keeps its weights along the way for trajectory."));
        AddSurface(app.Verb("surface", "The loss over a plane through the weights: arrays, figures, a page to turn, a file for ParaView."));
        AddLine(app.Verb("line", "Loss and accuracy along a line between two networks, or along one direction."));
        AddTrajectory(app.Verb("trajectory", "The way of a training, over the plane of its first two principal components."));
        AddCompare(app.Verb("compare", "Trains several networks alike and shows their surfaces side by side, with how far from convex they are."));
        AddConvexity(app.Verb("convexity", "How far the loss is from convex over a plane: both ends of the Hessian's spectrum at every point."));
        AddConnect(app.Verb("connect", "A curve of low loss between two networks, beside the straight line."));
        app.Verb("report", "One HTML page of all results and figures in the output folder.").Run(static run => new Report(run).Run());
    }

    private static void AddTrain(ExampleApp verb)
    {
        var network = AddNetwork(verb, "small");
        var recipe = AddRecipe(verb);
        var checkpoints = verb.Number("--checkpoints", 16, "how many weights are kept along the way, the first and the last included; 0: none", minimum: 0, maximum: 10_000);
        verb.Run(run => new TrainStudy(run) { Network = network(run) ?? new("small"), Recipe = recipe(run), Checkpoints = run.Get(checkpoints) }.Run());
    }

    private static void AddSurface(ExampleApp verb)
    {
        var source = AddSource(verb);
        var images = verb.Number("--images", 1000, "that the loss is the mean of; 250 with --quick", minimum: 1);
        var part = verb.Choice("--set", "train", "which images", "train", "test", "both");
        var points = verb.Number("--points", 31, "along each axis; 11 with --quick", minimum: 2, maximum: 501);
        var pointsY = verb.Number("--points-y", 0, "along the second axis, if other; 0: as many", minimum: 0, maximum: 501);
        var range = verb.Number("--range", 1.0, "how far the axes reach from the middle, in lengths of the directions", minimum: 1e-6);
        var rangeY = verb.Number("--range-y", 0.0, "of the second axis, if other; 0: as far", minimum: 0);
        var directions = AddDirections(verb);
        var statistics = verb.Choice("--statistics", "frozen", "what batch normalisation normalises by: the middle's, moving with the directions, or of the images at every point", "frozen", "interpolated", "recomputed");
        var vtkLogarithm = verb.Flag("--vtk-log", "the height in landscape.vtp is log10(loss + 0.1), not the loss");
        var clip = verb.Number("--clip", 0.0, "losses above are drawn and exported as this; 0: none are", minimum: 0);
        verb.Run(run => new SurfaceStudy(run, source(run))
        {
            Images = run.Quick ? Math.Min(250, run.Get(images)) : run.Get(images),
            Part = run.Get(part),
            Columns = Quickly(run, run.Get(points), 11),
            Rows = Quickly(run, run.Get(pointsY) switch { 0 => run.Get(points), 1 => throw new UsageException("--points-y takes 0 or a whole number of at least 2, not '1'"), var own => own }, 11),
            Range = run.Get(range),
            RangeY = run.Get(rangeY) > 0 ? run.Get(rangeY) : run.Get(range),
            DirectionsFrom = directions(run).From,
            Options = directions(run).Options,
            Statistics = StatisticsOf(run.Get(statistics)),
            VtkLogarithm = run.Get(vtkLogarithm),
            Clip = run.Get(clip) > 0 ? run.Get(clip) : double.PositiveInfinity,
        }.Run());
    }

    private static void AddLine(ExampleApp verb)
    {
        var source = AddSource(verb);
        var to = verb.Text("--to", "file", "weights of a second network at 1; --weights names the first, at 0");
        var images = verb.Number("--images", 1000, "of training and test images each; 250 with --quick", minimum: 1);
        var points = verb.Number("--points", 0, "on the line; 0: 401 between networks, 51 along a direction; 41 and 21 with --quick", minimum: 0, maximum: 100_001);
        var first = verb.Number("--from-x", double.NegativeInfinity, "where the line begins; -Infinity: -0.5 between networks, -1 along a direction");
        var last = verb.Number("--to-x", double.PositiveInfinity, "where it ends; Infinity: 1.5 between networks, 1 along a direction");
        var directions = AddDirections(verb);
        var statistics = verb.Choice("--statistics", Automatic, "what batch normalisation normalises by; auto: interpolated between networks, frozen along a direction", Automatic, "frozen", "interpolated", "recomputed");
        verb.Run(run =>
        {
            var between = run.Get(to) is not null;
            var (start, end) = (run.Get(first), run.Get(last));
            var range = (First: double.IsFinite(start) ? start : between ? -0.5 : -1, Last: double.IsFinite(end) ? end : between ? 1.5 : 1);
            if (range.First >= range.Last) throw new UsageException(FormattableString.Invariant($"--from-x {range.First} is not below --to-x {range.Last}"));
            var count = run.Get(points) switch { 0 => between ? 401 : 51, 1 => throw new UsageException("--points takes 0 or a whole number of at least 2, not '1'"), var own => own };
            new LineStudy(run, source(run))
            {
                To = run.Get(to),
                Images = run.Quick ? Math.Min(250, run.Get(images)) : run.Get(images),
                Points = Quickly(run, count, between ? 41 : 21),
                Range = range,
                DirectionsFrom = directions(run).From,
                Options = directions(run).Options,
                Statistics = run.Get(statistics) == Automatic ? null : StatisticsOf(run.Get(statistics)),
            }.Run();
        });
    }

    private static void AddTrajectory(ExampleApp verb)
    {
        var folder = verb.Text("--checkpoints", "dir", "weights along the way, safetensors in the order of their names", "those that train left in --out");
        var network = AddNetwork(verb, Automatic);
        var skip = verb.Number("--skip", 0, "checkpoints that are left out at the start", minimum: 0);
        var every = verb.Number("--every", 1, "takes each checkpoint of so many, and the last", minimum: 1);
        var all = verb.Flag("--all-tensors", "biases and norms take part; without, they stay as in the published figures");
        var images = verb.Number("--images", 1000, "that the loss is the mean of; 250 with --quick", minimum: 1);
        var part = verb.Choice("--set", "train", "which images", "train", "test", "both");
        var points = verb.Number("--points", 31, "along each axis; 11 with --quick", minimum: 2, maximum: 501);
        var statistics = AddStatistics(verb);
        verb.Run(run => new TrajectoryStudy(run)
        {
            Folder = run.Get(folder),
            Network = network(run),
            Skip = run.Get(skip),
            Every = run.Get(every),
            All = run.Get(all),
            Images = run.Quick ? Math.Min(250, run.Get(images)) : run.Get(images),
            Part = run.Get(part),
            Points = Quickly(run, run.Get(points), 11),
            Statistics = StatisticsOf(run.Get(statistics)),
        }.Run());
    }

    private static void AddCompare(ExampleApp verb)
    {
        const string usual = "resnet56,resnet56-noshort", quick = "mlp,mlp-noshort";
        var networks = verb.Text("--networks", "name,name,…", $"which, side by side in this order; {quick} with --quick", usual);
        var width = verb.Number("--width", 0, "channels of the first stage, or of hidden layers; 0: each network's own", minimum: 0, maximum: 1024);
        var recipe = AddRecipe(verb);
        var seeds = verb.Number("--seeds", 3, "starts of each network; 1 with --quick", minimum: 1, maximum: 100);
        var images = verb.Number("--images", 1000, "that the loss is the mean of; 250 with --quick", minimum: 1);
        var part = verb.Choice("--set", "train", "which images", "train", "test");
        var points = verb.Number("--points", 31, "along each axis; 11 with --quick", minimum: 3, maximum: 501);
        var range = verb.Number("--range", 1.0, "how far the axes reach from the middle, in lengths of the filters", minimum: 1e-6);
        var clip = verb.Number("--clip", 0.0, "losses above are drawn as this; 0: none are", minimum: 0);
        var statistics = AddStatistics(verb);
        verb.Run(run =>
        {
            var names = (run.Get(networks) ?? (run.Quick ? quick : usual)).Split(',', StringSplitOptions.TrimEntries);
            foreach (var name in names)
            {
                if (!Networks.ByName.ContainsKey(name)) throw new UsageException($"--networks: there is no '{name}'; there are {string.Join(", ", Networks.ByName.Keys)}");
            }

            if (names.Distinct().Count() != names.Length) throw new UsageException($"--networks names a network twice: {string.Join(',', names)}");
            new CompareStudy(run)
            {
                Networks = [.. names.Select(name => new NetworkChoice(name, run.Get(width)))],
                Recipe = recipe(run),
                Seeds = run.Quick ? 1 : run.Get(seeds),
                Images = run.Quick ? Math.Min(250, run.Get(images)) : run.Get(images),
                Part = run.Get(part),
                Points = Quickly(run, run.Get(points), 11),
                Range = run.Get(range),
                Clip = run.Get(clip) > 0 ? run.Get(clip) : double.PositiveInfinity,
                Statistics = StatisticsOf(run.Get(statistics)),
            }.Run();
        });
    }

    private static void AddConvexity(ExampleApp verb)
    {
        var source = AddSource(verb);
        var images = verb.Number("--images", 1000, "that the loss is the mean of; 100 with --quick", minimum: 1);
        var part = verb.Choice("--set", "train", "which images", "train", "test");
        var points = verb.Number("--points", 9, "along each axis; 3 with --quick", minimum: 2, maximum: 501);
        var range = verb.Number("--range", 1.0, "how far the axes reach from the middle, in lengths of the directions", minimum: 1e-6);
        var directions = AddDirections(verb);
        var tolerance = verb.Number("--tolerance", 0.01, "of the ratio; 0.05 with --quick", minimum: 1e-6, maximum: 0.5);
        var products = verb.Number("--products", 100, "with the Hessian, at most, a point; 40 with --quick", minimum: 2);
        var together = verb.Number("--together", 3, "neighbours that are computed as one part, each from where the one before ended; what an interrupted run loses", minimum: 1, maximum: 501);
        var all = verb.Flag("--all-tensors", "the Hessian of biases and norms too; without, of weights alone, as published");
        verb.Run(run => new ConvexityStudy(run, source(run))
        {
            Images = run.Quick ? Math.Min(100, run.Get(images)) : run.Get(images),
            Part = run.Get(part),
            Points = Quickly(run, run.Get(points), 3),
            Range = run.Get(range),
            DirectionsFrom = directions(run).From,
            Options = directions(run).Options,
            Tolerance = run.Quick ? Math.Max(0.05, run.Get(tolerance)) : run.Get(tolerance),
            MaxProducts = Quickly(run, run.Get(products), 40),
            Together = run.Get(together),
            All = run.Get(all),
        }.Run());
    }

    private static void AddConnect(ExampleApp verb)
    {
        var source = AddSource(verb);
        var to = verb.Text("--to", "file", "weights of the second network; without, and without --weights, two are trained, of this seed and the next");
        var epochs = verb.Number("--curve-epochs", 0, "passes over the training images for the curve; 0: as many as --epochs", minimum: 0);
        var form = verb.Choice("--curve", "bezier", "a quadratic Bézier curve, or two segments", "bezier", "polygon");
        var images = verb.Number("--images", 1000, "of training and test images each; 250 with --quick", minimum: 1);
        var points = verb.Number("--points", 61, "on the curve; 21 with --quick", minimum: 2, maximum: 10_001);
        verb.Run(run =>
        {
            var from = source(run);
            if ((from.Path is null) != (run.Get(to) is null)) throw new UsageException("--weights and --to are given both or neither");
            new ConnectStudy(run, from)
            {
                To = run.Get(to),
                CurveEpochs = run.Get(epochs) > 0 ? run.Get(epochs) : from.Recipe.Epochs,
                Form = run.Get(form) == "bezier" ? CurveForm.Bezier : CurveForm.Polygon,
                Images = run.Quick ? Math.Min(250, run.Get(images)) : run.Get(images),
                Points = Quickly(run, run.Get(points), 21),
            }.Run();
        });
    }

    private static Setting<string> AddStatistics(ExampleApp verb) =>
        verb.Choice("--statistics", "frozen", "what batch normalisation normalises by: the middle's running statistics, or the images' at every point", "frozen", "recomputed");

    // Null: the network that a file names, else small.
    private static Func<ExampleRun, NetworkChoice?> AddNetwork(ExampleApp verb, string value)
    {
        var network = verb.Choice(
            "--network", value, value == Automatic ? "which network (auto: the one that the file of its weights names, else small)" : "which network",
            [.. value == Automatic ? (string[])[Automatic] : [], .. Networks.ByName.Keys]);
        var width = verb.Number("--width", 0, "channels of the first stage, of hidden layers, or that a dense layer adds; 0: the network's own", minimum: 0, maximum: 1024);
        return run => run.Get(network) == Automatic
            ? run.Get(width) == 0 ? null : throw new UsageException("--width needs --network")
            : new(run.Get(network), run.Get(width));
    }

    private static Func<ExampleRun, TrainingRecipe> AddRecipe(ExampleApp verb)
    {
        var epochs = verb.Number("--epochs", 3, "passes over the training images; 2 over the first 4,000 with --quick", minimum: 1);
        var batch = verb.Number("--batch", 64, "images a step of training", minimum: 1, maximum: 65_536);
        var optimizer = verb.Choice("--optimizer", "sgd", "gradient descent with momentum, or Adam", "sgd", "adam");
        var rate = verb.Number("--learning-rate", 0.0, "the first one, which falls along a cosine; 0: 0.05 of sgd, 0.001 of adam", minimum: 0);
        var momentum = verb.Number("--momentum", 0.9, "of sgd, by Nesterov", minimum: 0, maximum: 0.9999);
        var decay = verb.Number("--weight-decay", 5e-4, "the penalty on weights", minimum: 0);
        return run => new()
        {
            Epochs = run.Quick ? Math.Min(2, run.Get(epochs)) : run.Get(epochs),
            BatchSize = run.Get(batch),
            Optimizer = run.Get(optimizer),
            LearningRate = run.Get(rate),
            Momentum = run.Get(momentum),
            WeightDecay = run.Get(decay),
        };
    }

    private static Func<ExampleRun, SolutionSource> AddSource(ExampleApp verb)
    {
        var weights = verb.Text("--weights", "file", "safetensors of the network's weights and running statistics, instead of training");
        var network = AddNetwork(verb, Automatic);
        var recipe = AddRecipe(verb);
        return run => new(run.Get(weights), network(run), recipe(run));
    }

    private static Func<ExampleRun, (string From, DirectionOptions Options)> AddDirections(ExampleApp verb)
    {
        var directions = verb.Text("--directions", "random|hessian|file", "random; eigenvectors of the Hessian's largest eigenvalues, of length 1; or those that another run left", "random");
        var normalization = verb.Choice("--normalization", "filter", "what random directions are scaled to", "filter", "layer", "weight", "none");
        var biases = verb.Choice("--biases", "stay", "what biases and norms do: stay, as in the paper; scale, as its code does unless told otherwise; or move at random", "stay", "scale", "random");
        return run => (run.Get(directions) ?? "random", new()
        {
            Normalization = run.Get(normalization) switch
            {
                "filter" => DirectionNormalization.Filter,
                "layer" => DirectionNormalization.Layer,
                "weight" => DirectionNormalization.Weight,
                _ => DirectionNormalization.None,
            },
            OneDimensional = run.Get(biases) switch { "stay" => OneDimensional.Zero, "scale" => OneDimensional.CopyWeights, _ => OneDimensional.RandomScaled },
        });
    }

    private static BatchStatistics StatisticsOf(string word) => word switch
    {
        "frozen" => BatchStatistics.Frozen,
        "interpolated" => BatchStatistics.Interpolated,
        _ => BatchStatistics.Recomputed,
    };

    private static int Quickly(ExampleRun run, int count, int most) => run.Quick ? Math.Min(most, count) : count;
}
