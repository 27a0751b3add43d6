namespace WaltG5k.IntegrationTests.Ssh;

/// <summary>A test against an sshd of its own.</summary>
sealed class SshFactAttribute() : RequiresProgramsFactAttribute(SshServer.Program, "/usr/bin/ssh");

/// <inheritdoc cref="SshFactAttribute"/>
sealed class SshTheoryAttribute() : RequiresProgramsTheoryAttribute(SshServer.Program, "/usr/bin/ssh");
