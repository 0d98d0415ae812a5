using Noether.Kernels.MatMul;
using Noether.Kernels.Tests.Attention;
using Noether.Kernels.Tests.Channels;
using Noether.Kernels.Tests.Convolutions;
using Noether.Kernels.Tests.Elementwise;
using Noether.Kernels.Tests.Indexing;
using Noether.Kernels.Tests.MatMul;
using Noether.Kernels.Tests.Random;
using Noether.Kernels.Tests.Reductions;
using Noether.Kernels.Tests.Rows;
using Noether.Kernels.Tests.Scans;
using Noether.Kernels.Tests.Sorting;
using Noether.Kernels.Tests.Spectral;
using Noether.Kernels.Tests.Windows;

namespace Noether.Kernels.Tests;

/// <summary>
/// Some tests of each room, on the machine: what CUDA is given agrees with the references, shuffles included, and no shared memory is raced for.
/// <c>NOETHER_LANES=machine</c> runs all of them.
/// </summary>
[Category("PTX")]
[NonParallelizable]
public class PtxKernelTests
{
    [Test]
    public void Joins_and_reductions()
    {
        On(new GroupJoinTests(KernelFixture.Machine), static tests =>
        {
            foreach (int[] shape in (int[][])[[1, 64, 33], [4, 16, 11], [2, 8, 7], [1, 32, 1]]) tests.Each_thread_gets_what_its_line_has(shape[0], shape[1], shape[2]);
        });
        On(new ReduceKernelTests(KernelFixture.Machine), static tests =>
        {
            foreach (int[] size in (int[][])[[3, 5, 1], [2, 10, 33], [5, 72, 1], [3, 300, 2], [1, 9001, 1], [2, 700, 5]])
            {
                tests.Sums_of_floats_are_close(size[0], size[1], size[2]);
                tests.The_first_not_a_number_is_named(size[0], size[1], size[2]);
            }
        });
    }

    [Test]
    public void Rows()
    {
        On(new RowKernelTests(KernelFixture.Machine), static tests =>
        {
            foreach (int[] size in (int[][])[[3, 5, 1], [2, 37, 1], [2, 1027, 1], [2, 6, 3]]) tests.Softmax_agrees_with_the_plain_loop(size[0], size[1], size[2]);
        });
        On(new LongRowKernelTests(KernelFixture.Machine), static tests =>
        {
            tests.Functions_agree_with_the_plain_loops();
            tests.Normalisations_agree_with_the_plain_loops();
        });
        On(new RowNormKernelTests(KernelFixture.Machine), static tests =>
        {
            foreach (int[] size in (int[][])[[3, 5], [4, 72], [2, 1027], [700, 3]])
            {
                tests.Values_means_and_scales_agree_with_the_plain_loop(size[0], size[1]);
                tests.Gradients_agree_with_the_plain_loop(size[0], size[1]);
            }
        });
        On(new CrossEntropyKernelTests(KernelFixture.Machine), static tests =>
        {
            foreach (int[] size in (int[][])[[3, 5, 1], [4, 72, 1], [2, 1064, 1], [1, 3, 33]]) tests.Losses_and_sums_agree_with_the_plain_loop(size[0], size[1], size[2]);
        });
    }

    [Test]
    public void Products() => On(new MatMulKernelTests(KernelFixture.Machine), static tests =>
    {
        tests.Products_of_whole_tiles_equal_the_definition(ProductTileKind.Large, 128, false, true);
        tests.Products_equal_the_definition(ProductTileKind.Small, false, true);
        tests.A_product_and_its_tangent_equal_three_products(ProductTileKind.Small, 64, 32, 96, false);
    });

    [Test]
    public void Small_products() => On(new SmallProductKernelTests(KernelFixture.Machine), static tests =>
    {
        tests.Products_equal_the_definition(4, 24, 5, 22, true, true);
        tests.Products_equal_the_definition(3, 12, 40, 20, false, false);
    });

    [Test]
    public void Scatters() => On(new AtomicScatterKernelTests(KernelFixture.Machine), static tests => tests.Sums_are_those_of_the_plain_loop());

    [Test]
    public void Windows() => On(new WindowGradientKernelTests(KernelFixture.Machine), static tests => tests.Windows_that_overlap_and_reach_over_both_edges());

    [Test]
    public void Convolutions() => On(new ConvolutionKernelTests(KernelFixture.Machine), static tests => tests.Terms_in_parts_give_partial_sums());

    [Test]
    public void Channels() => On(new ChannelMixKernelTests(KernelFixture.Machine), static tests => tests.A_mixing_ends_with_a_program(2, 5, 6, 5, 7, 1));

    [Test]
    public void Elements() => On(new ElementwiseKernelTests(KernelFixture.Machine), static tests =>
    {
        tests.Elements_of_every_width_move_by_fours_and_one_by_one();
        tests.Single_and_strided_inputs_meet_contiguous_ones();
        tests.Comparisons_and_selection_agree_with_the_host_on_special_numbers();
        tests.A_constant_on_the_left_compares_as_it_does_on_the_right();
    });

    [Test]
    public void Random_numbers() => On(new PhiloxKernelTests(KernelFixture.Machine), static tests =>
    {
        tests.Bits_equal_the_hosts(17_179_869_183, 9);
        tests.Each_row_follows_its_own_key(7);
    });

    [Test]
    public void Fourier_transforms() => On(new FourierKernelTests(KernelFixture.Machine), static tests =>
    {
        tests.Complex_transforms_equal_the_definition(5, 48, 11);
        tests.Real_transforms_equal_the_definition(9, 64, 1);
        tests.Inverse_real_transforms_equal_the_definition(2, 19, 1);
    });

    [Test]
    public void Attentions() => On(new AttentionForwardKernelTests(KernelFixture.Machine), static tests => tests.Attention_equals_its_definition(66, 70, 3, 5, true, 0));

    [Test]
    public void Scans_and_sorts()
    {
        On(new ScanKernelTests(KernelFixture.Machine), static tests => tests.Long_lines_are_scanned_in_parts(1000, 3, 2, true));
        On(new ArgSortKernelTests(KernelFixture.Machine), static tests =>
        {
            tests.Rows_are_ordered_stably(3, 300, false, 2048);
            tests.Rows_are_ordered_stably(3, 300, true, 0);
        });
    }

    private static void On<TFixture>(TFixture fixture, Action<TFixture> run)
        where TFixture : KernelFixture
    {
        try
        {
            fixture.Start();
            run(fixture);
        }
        finally
        {
            fixture.Stop();
        }
    }
}
