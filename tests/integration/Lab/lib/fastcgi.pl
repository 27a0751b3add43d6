# Keeps N processes of a FastCGI program behind one socket: fastcgi.pl SOCKET N PROGRAM
use strict;
use warnings;
use FCGI;
use POSIX ();

my ($path, $count, $program) = @ARGV;
umask 0;
my $socket = FCGI::OpenSocket($path, 64) // die "no socket $path";
my %children;
$SIG{TERM} = sub { kill 'TERM', keys %children; exit 0 };
for (;;) {
    while (keys %children < $count) {
        my $pid = fork // die "no process: $!";
        if ($pid == 0) {
            $SIG{TERM} = 'DEFAULT';
            POSIX::dup2($socket, 0);
            exec $program or POSIX::_exit(1);
        }
        $children{$pid} = 1;
    }
    delete $children{ wait() };
    select undef, undef, undef, 0.1;    # a program that cannot start must not be started without pause
}
