using WaltG5k.Host;
using WaltG5k.Host.Formatting;

using var session = new HostSession();
HostResult result = session.Invoke(string.Join(' ', args));
foreach (object? item in result.Objects) Console.WriteLine(JsonText.Of(item));
foreach (var error in result.Errors) Console.Error.WriteLine(error);
return result.ExitCode;
