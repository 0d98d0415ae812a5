using static Noether.Transform;

namespace Noether.Nn.Tests;

public class ParametersTests
{
    private static Parameters Small => Parameters.Of(
        ("layers.0.weight", Tensor.From(new[,] { { 1.0, 2 }, { 3, 4 } })),
        ("layers.0.bias", Tensor.From([5.0, 6])),
        ("layers.10.bias", Tensor.From([7.0])));

    [Test]
    public void A_name_gives_its_tensor_and_a_missing_one_is_an_error_that_lists_the_others()
    {
        Assert.That(Small["layers.0.bias"].ToArray<double>(), Is.EqualTo([5.0, 6]));
        var error = Assert.Throws<ParameterException>(() => _ = Small["layers.1.bias"])!;
        Assert.That(error.Message, Does.Contain("'layers.1.bias'").And.Contain("layers.10.bias"));
    }

    [Test]
    public void Under_takes_whole_segments_and_Nest_puts_them_back()
    {
        var first = Small.Under("layers.0");
        Assert.That(first.Names, Is.EqualTo(["weight", "bias"]));
        Assert.That(Small.Under("layers.1").Count, Is.Zero);
        Assert.That(Parameters.Nest(("layers.0", first), ("layers.10", Small.Under("layers.10"))).Names, Is.EqualTo(Small.Names));
    }

    [Test]
    public void Merging_keeps_the_order_and_refuses_a_name_twice()
    {
        var other = Parameters.Of(("head.weight", Tensor.Ones([2])));
        Assert.That(Small.Merge(other).Names[^1], Is.EqualTo("head.weight"));
        Assert.That(() => Small.Merge(Small), Throws.TypeOf<ParameterException>().With.Message.Contains("layers.0.weight"));
    }

    [TestCase("")]
    [TestCase("layers..weight")]
    [TestCase("weight.")]
    public void Names_have_no_empty_segment(string name) =>
        Assert.That(() => Parameters.Of((name, Tensor.Ones([1]))), Throws.TypeOf<ParameterException>());

    [Test]
    public void Zip_names_the_missing_and_the_superfluous_tensor_and_the_order()
    {
        var fewer = Small.Where(name => name != "layers.0.bias");
        Assert.That(() => Small + fewer, Throws.TypeOf<ParameterException>().With.Message.Contains("'layers.0.bias' is missing"));
        Assert.That(() => fewer + Small, Throws.TypeOf<ParameterException>().With.Message.Contains("'layers.0.bias' is not expected"));
        Assert.That(() => Small + new Parameters(Small.Reverse()), Throws.TypeOf<ParameterException>().With.Message.Contains("position 0"));
    }

    [Test]
    public void Matching_names_the_tensor_of_another_shape() =>
        Assert.That(
            () => Small.CheckMatches(Small.With("layers.0.bias", Tensor.Ones([3])), "Load"),
            Throws.TypeOf<ParameterException>().With.Message.EqualTo("Load: 'layers.0.bias' has shape [3], expected [2]"));

    [Test]
    public void A_vector_holds_every_element_and_goes_back()
    {
        var vector = Small.ToVector();
        Assert.That(vector.ToArray<double>(), Is.EqualTo([1.0, 2, 3, 4, 5, 6, 7]));
        var back = Small.FromVector(vector * 2);
        Assert.That(back["layers.0.weight"].ToArray<double>(), Is.EqualTo([2.0, 4, 6, 8]));
        Assert.That(back["layers.0.weight"].Shape, Is.EqualTo(Shape.Create([2, 2])));
        Assert.That(() => Small.FromVector(Tensor.Ones([8])), Throws.TypeOf<ShapeException>().With.Message.Contains("[7]"));
        Assert.That(() => Parameters.Empty.ToVector(), Throws.TypeOf<ParameterException>());
    }

    [Test]
    public void Algebra_is_that_of_the_vectors()
    {
        Parameters x = Small, y = Small * 3;
        Assert.That((y - x).ToVector().ToArray<double>(), Is.EqualTo((x * 2).ToVector().ToArray<double>()));
        Assert.That((-x).ToVector().ToArray<double>()[0], Is.EqualTo(-1));
        Assert.That(x.Dot(y).Item(), Is.EqualTo(3 * 140));
        Assert.That(x.Norm().Item(), Is.EqualTo(Math.Sqrt(140)).Within(1).Ulps);
    }

    [Test]
    public void Gradients_have_the_structure_of_the_parameters()
    {
        var gradient = Grad<Parameters>(p => p.Dot(p) / 2)(Small);
        Assert.That(gradient.Names, Is.EqualTo(Small.Names));
        Assert.That(gradient.ToVector().ToArray<double>(), Is.EqualTo(Small.ToVector().ToArray<double>()));
    }

    [Test]
    public void A_stack_of_trees_is_mapped_by_Vmap_and_taken_apart()
    {
        var stack = Parameters.Stack(Small, Small * 2, Small * 3);
        var norms = Vmap<Parameters, Tensor>(p => p.Dot(p))(stack);
        Assert.That(norms.ToArray<double>(), Is.EqualTo([140.0, 560, 1260]));
        Assert.That(stack.Unstack(1).ToVector().ToArray<double>(), Is.EqualTo((Small * 2).ToVector().ToArray<double>()));
        Assert.That(() => Parameters.Stack(Small, Small.Under("layers")), Throws.TypeOf<ParameterException>());
        Assert.That(() => Parameters.Stack(), Throws.TypeOf<ParameterException>());
    }

    [Test]
    public void A_compiled_function_of_parameters_replays_on_new_ones()
    {
        var f = Compile<Parameters, Parameters>(p => p * 2 + p);
        Assert.That(f(Small).ToVector().ToArray<double>(), Is.EqualTo((Small * 3).ToVector().ToArray<double>()));
        Assert.That(f(Small * 2).ToVector().ToArray<double>(), Is.EqualTo((Small * 6).ToVector().ToArray<double>()));
    }

    [Test]
    public void Mapping_sees_names_and_types_convert()
    {
        var only = Small.Map((name, x) => name.EndsWith("weight") ? x : x.ZerosLike());
        Assert.That(only.ToVector().Sum().Item(), Is.EqualTo(10));
        Assert.That(Small.To(DType.Float32).Leaves.Select(x => x.DType), Is.All.EqualTo(DType.Float32));
        Assert.That(Small.Size, Is.EqualTo(7));
    }

    [Test]
    public void The_table_lists_every_tensor_and_the_total()
    {
        var lines = Small.ToString().Split(Environment.NewLine);
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines[0], Does.StartWith("layers.0.weight").And.Contain("float64").And.Contain("[2, 2]"));
        Assert.That(lines[^1], Does.StartWith("3 tensors").And.EndWith("7"));
    }
}
