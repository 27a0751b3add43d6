using WaltG5k.Core.Storage;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace WaltG5k.Core.Deployments;

/// <summary>The <c>walt</c> command's own configuration, <c>~/.walt/config</c> (YAML). What else stands there is kept.</summary>
static class WaltClientConfiguration
{
    public static void Write(string path, string server, string user)
    {
        YamlMappingNode root = Read(path);
        YamlMappingNode walt = root.Children.TryGetValue("walt", out YamlNode? node) && node is YamlMappingNode mapping ? mapping : [];
        walt.Children["server"] = server;
        walt.Children["username"] = user;
        root.Children["walt"] = walt;
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        // YamlDotNet ends the document with "...", which the walt command does not mind but people do.
        AtomicFile.Write(path, text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal));
    }

    static YamlMappingNode Read(string path)
    {
        try
        {
            var yaml = new YamlStream();
            using var reader = new StreamReader(path);
            yaml.Load(reader);
            return yaml.Documents is [{ RootNode: YamlMappingNode root }, ..] ? root : [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return []; }
        catch (Exception e) when (e is YamlException or IOException or UnauthorizedAccessException)
        {
            throw new G5kException("WaltConfigurationCorrupt", ErrorKind.InvalidData, $"{path} could not be read as YAML: {e.Message}", path,
                $"Correct it or remove it: {path}", e);
        }
    }
}
