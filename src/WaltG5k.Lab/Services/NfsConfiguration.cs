using System.Globalization;
using System.Text;
using WaltG5k.Lab.Images;
using WaltG5k.Lab.Network;

namespace WaltG5k.Lab.Services;

/// <summary>nfs-ganesha, which gives the images' trees to nodes, read-only, under the paths that WalT's boot scripts name.</summary>
static class NfsConfiguration
{
    public const int Port = 2049;

    public static string GetExportPath(string imageId) => $"/var/lib/walt/images/{imageId}/fs";

    public static IReadOnlyList<string> GetWords(string file) =>
        ["ganesha.nfsd", "-F", "-L", "/dev/stdout", "-f", file, "-p", "/run/ganesha/ganesha.pid"];

    public static string GetText(IReadOnlyList<LabImage> images)
    {
        // No lock manager: nodes mount with nolock, and its daemon would want more of rpcbind.
        StringBuilder text = new($$"""
            NFS_CORE_PARAM { Protocols = 3, 4; NFS_Port = {{Port}}; Bind_addr = {{LabNetwork.Server}}; Enable_NLM = false; Enable_RQUOTA = false; mount_path_pseudo = true; }
            NFSV4 { Graceless = true; }
            EXPORT_DEFAULTS { Access_Type = RO; Squash = No_Root_Squash; SecType = sys; Transports = TCP; }

            """);
        for (int i = 0; i < images.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"EXPORT {{ Export_Id = {i + 1}; Path = \"{images[i].Tree}\"; Pseudo = \"{GetExportPath(images[i].Id)}\"; FSAL {{ Name = VFS; }} }}\n");
        }
        return text.ToString();
    }
}
