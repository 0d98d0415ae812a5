# Makes the files of this folder with NumPy (1.24.2 made those committed): python3 make_numpy.py FOLDER
import sys

import numpy as np

if len(sys.argv) != 2:
    sys.exit("usage: python3 make_numpy.py FOLDER")
folder = sys.argv[1]
x = np.arange(24).reshape(2, 3, 4)
arrays = {}
for kind in ["u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
    arrays["little_" + kind] = x.astype("<" + kind)
    arrays["big_" + kind] = x.astype(">" + kind)
arrays["byte_u1"] = x.astype("u1")
arrays["byte_i1"] = x.astype("i1")
arrays["bool"] = x % 3 == 0
arrays["fortran_f4"] = np.asfortranarray(x.astype("<f4"))
arrays["fortran_big_f8"] = np.asfortranarray(x.astype(">f8"))
arrays["fortran_bool"] = np.asfortranarray(x % 3 == 0)
arrays["scalar"] = np.float64(2.5)
arrays["empty"] = np.zeros((0,), "<f4")
arrays["hollow"] = np.zeros((3, 0, 2), "<i8")
arrays["text"] = np.array([["tanh", "γ"], ["", " 😀"]])
np.savez(folder + "/numpy_types.npz", **arrays)
np.savez_compressed(
    folder + "/numpy_compressed.npz", ramp=np.arange(1000, dtype="<i4").reshape(10, 100), zeros=np.zeros((50, 40), "<f8")
)
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(f"{folder}/numpy_version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(6, dtype="<f4").reshape(2, 3), version=version)
