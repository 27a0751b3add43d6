using System.Globalization;
using System.Text;

namespace WaltG5k.Testbed.VirtualMachines;

internal static partial class QemuImages
{
    static QemuImagesAnswer Info(IDiskFiles files, QemuImagesOptions options)
    {
        if (options.Error is { } wrong) return Fail(wrong);
        if (options.Operands is not [var path]) return Fail("Expecting one image file name");
        var chain = new List<string>();
        for (string? next = path; next is not null;)
        {
            (QemuImage? image, string? failure) = Open(files, next, next == path ? options.Format : null);
            if (image is null) return Fail(failure!);
            string? under = image.BackingFile is { } backing ? Beside(files, next, backing) : null;
            chain.Add(options.IsJson ? WriteJson(next, image, under, options.IsChain ? "    " : "") : WriteText(next, image, under));
            next = options.IsChain ? under : null;
        }
        if (!options.IsJson) return new(0, string.Join("\n", chain), "");
        return new(0, options.IsChain ? $"[\n{string.Join(",\n", chain)}\n]\n" : chain[0] + "\n", "");
    }

    static string WriteJson(string name, QemuImage image, string? under, string indent)
    {
        var lines = new List<string>();
        void Add(string key, string value) => lines.Add($"\"{key}\": {value}");
        static string Text(string value) => System.Text.Json.JsonSerializer.Serialize(value);
        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
        if (image.BackingFormat is { } format) Add("backing-filename-format", Text(format));
        Add("virtual-size", Number(image.VirtualSize));
        Add("filename", Text(name));
        if (image.Format == "qcow2") Add("cluster-size", "65536");
        Add("format", Text(image.Format));
        Add("actual-size", Number(image.ActualSize));
        if (image.Format == "qcow2")
        {
            string[] data = ["\"compat\": \"1.1\"", "\"compression-type\": \"zlib\"", "\"lazy-refcounts\": false", "\"refcount-bits\": 16",
                "\"corrupt\": false", "\"extended-l2\": false"];
            string inner = string.Join(",\n", data.Select(d => $"{indent}            {d}"));
            Add("format-specific",
                $"{{\n{indent}        \"type\": \"qcow2\",\n{indent}        \"data\": {{\n{inner}\n{indent}        }}\n{indent}    }}");
        }
        if (under is not null)
        {
            Add("full-backing-filename", Text(under));
            Add("backing-filename", Text(image.BackingFile!));
        }
        Add("dirty-flag", "false");
        return $"{indent}{{\n{string.Join(",\n", lines.Select(l => $"{indent}    {l}"))}\n{indent}}}";
    }

    static string WriteText(string name, QemuImage image, string? under)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"image: {name}\nfile format: {image.Format}\nvirtual size: {Human(image.VirtualSize)} ({image.VirtualSize} bytes)\ndisk size: {Human(image.ActualSize)}\n");
        if (image.Format == "qcow2") text.Append("cluster_size: 65536\n");
        if (under is not null) text.Append(CultureInfo.InvariantCulture,
            $"backing file: {image.BackingFile}{(under == image.BackingFile ? "" : $" (actual path: {under})")}\nbacking file format: {image.BackingFormat}\n");
        if (image.Format == "qcow2") text.Append(
            "Format specific information:\n    compat: 1.1\n    compression type: zlib\n    lazy refcounts: false\n    refcount bits: 16\n    corrupt: false\n    extended l2: false\n");
        return text.ToString();
    }

    static string Human(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        double value = bytes;
        int unit = 0;
        for (; value >= 1000 && unit < units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:G3} {units[unit]}");
    }
}
