namespace Noether.Bench.Suites;

public class MatMul() : Suite("matmul");

public class Elementwise() : Suite("elementwise");

public class Reduction() : Suite("reduction");

public class Convolution() : Suite("convolution");

public class MlpStep() : Suite("mlp-step");

public class Hvp() : Suite("hvp");

public class Curvature() : Suite("curvature");
